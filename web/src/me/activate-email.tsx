import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { account, sessionState } from '../session'
import { Button, ButtonLink } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'

/** The secret of the link. Kept in memory while the person signs in, and removed from the address bar at once. */
let token = ''

function takeToken(): string {
  if (window.location.hash.length > 1) {
    token = window.location.hash.slice(1)
    window.history.replaceState(window.history.state, '', window.location.pathname)
  }
  return token
}

/**
 * The page of the activation link. Opening it changes nothing, because mail programs open links; the person confirms.
 */
export default function ActivateEmail() {
  const link = useSignal(takeToken())
  const bound = useSignal(false)
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  useEffect(() => {
    // A second link opened in the same tab changes only the fragment.
    const onHashChange = () => (link.value = takeToken())
    window.addEventListener('hashchange', onHashChange)
    return () => window.removeEventListener('hashchange', onHashChange)
  }, [])

  async function confirm() {
    busy.value = true
    const result = await outcome(api.POST('/v1/me/email/confirmations', { body: { token: link.value } }))
    busy.value = false
    problem.value = result.ok ? undefined : result.problem
    if (!result.ok) return
    account.value = result.data
    bound.value = true
  }

  return (
    <Page title={t('email-bind')} narrow>
      <div class="card stack">
        {sessionState.value === 'unknown' ? (
          <Loading label={t('loading')} />
        ) : bound.value ? (
          <Notice tone="pass" title={t('email-bound')} live>
            {account.value?.email}
          </Notice>
        ) : problem.value ? (
          <ProblemNotice problem={problem.value} />
        ) : !link.value ? (
          <Notice tone="warn" title={t('email-no-link')} />
        ) : sessionState.value === 'signed-out' ? (
          <Notice tone="info" title={t('email-sign-in')} />
        ) : (
          <p>{t('email-confirm-text')}</p>
        )}
        <div class="actions">
          {sessionState.value === 'signed-out' ? (
            <ButtonLink href="/login?next=%2Factivate-email" variant="primary">
              {t('nav-login')}
            </ButtonLink>
          ) : link.value && !bound.value && !problem.value ? (
            <Button variant="primary" busy={busy.value} onClick={() => void confirm()}>
              {t('email-confirm')}
            </Button>
          ) : (
            <ButtonLink href="/me">{t('me-profile')}</ButtonLink>
          )}
        </div>
      </div>
    </Page>
  )
}
