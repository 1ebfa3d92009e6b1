import type { ComponentType } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { t } from '../i18n'
import { phase } from '../session'
import { Loading } from '../ui/empty-state'

/** Pages for members only: a visitor signs in first and comes back to the same address. */
export function Members({ page: MemberPage }: { page: ComponentType }) {
  const { url, route } = useLocation()
  const visitor = phase.value === 'visitor'
  useEffect(() => {
    if (visitor) route(`/login?next=${encodeURIComponent(url)}`, true)
  }, [visitor])
  if (phase.value === 'member') return <MemberPage />
  return <Loading label={t('loading')} />
}
