import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { wasSignedIn } from '../api/access-token'
import { networkProblem } from '../api/problem'
import { t } from '../i18n'
import { resume, sessionState } from '../session'
import { Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { online } from './online'

/** Renders a page only with a session. Without one, the sign-in page opens and returns to the same URL afterwards. */
export function RequireSession({ page: ProtectedPage }: { page: ComponentType }) {
  const { url, route } = useLocation()
  // The renewal failed without a response: the session may still be valid.
  const unconfirmed = sessionState.value === 'signed-out' && wasSignedIn()
  const signedOut = sessionState.value === 'signed-out' && !unconfirmed
  useEffect(() => {
    if (signedOut) route(`/login?next=${encodeURIComponent(url)}`, true)
  }, [signedOut])
  useEffect(() => {
    if (unconfirmed && online.value) void resume()
  }, [unconfirmed, online.value])
  if (sessionState.value === 'signed-in') return <ProtectedPage />
  if (unconfirmed) {
    return (
      <div class="page page-narrow">
        <h1 class="visually-hidden">{t('offline')}</h1>
        <ProblemNotice problem={networkProblem} retry={() => void resume()} />
      </div>
    )
  }
  return <Loading label={t('loading')} />
}
