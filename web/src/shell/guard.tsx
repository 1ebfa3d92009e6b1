import type { ComponentType } from 'preact'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { t } from '../i18n'
import { networkProblem } from '../api/problem'
import { phase, resume } from '../session'
import { wasSignedIn } from '../session/token'
import { Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { online } from './online'

/** Pages for members only: a visitor signs in first and comes back to the same address. */
export function Members({ page: MemberPage }: { page: ComponentType }) {
  const { url, route } = useLocation()
  // The server could not be asked: the session may well be alive.
  const unsure = phase.value === 'visitor' && wasSignedIn()
  const visitor = phase.value === 'visitor' && !unsure
  useEffect(() => {
    if (visitor) route(`/login?next=${encodeURIComponent(url)}`, true)
  }, [visitor])
  useEffect(() => {
    if (unsure && online.value) void resume()
  }, [unsure, online.value])
  if (phase.value === 'member') return <MemberPage />
  if (unsure) {
    return (
      <div class="page page-narrow">
        <h1 class="visually-hidden">{t('offline')}</h1>
        <ProblemNotice problem={networkProblem} retry={() => void resume()} />
      </div>
    )
  }
  return <Loading label={t('loading')} />
}
