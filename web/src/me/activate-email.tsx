import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { account, phase } from '../session'
import { Button, ButtonLink } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'

/** The link's secret. It leaves the address bar at once and lives only here, also while the person signs in. */
let token = ''

function takeToken(): string {
  if (window.location.hash.length > 1) {
    token = window.location.hash.slice(1)
    window.history.replaceState(window.history.state, '', window.location.pathname)
  }
  return token
}

/** Where the mailed link leads. Opening it changes nothing (mail programs open links by themselves): a person confirms. */
export default function ActivateEmail() {
  const link = useSignal(takeToken())
  const bound = useSignal(false)
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  useEffect(() => {
    // A second link opened in the same tab only changes what stands after the #.
    const changed = () => (link.value = takeToken())
    window.addEventListener('hashchange', changed)
    return () => window.removeEventListener('hashchange', changed)
  }, [])

  async function confirm() {
    busy.value = true
    const answer = await outcome(api.POST('/v1/me/email/confirmations', { body: { token: link.value } }))
    busy.value = false
    problem.value = answer.ok ? undefined : answer.problem
    if (!answer.ok) return
    account.value = answer.data
    bound.value = true
  }

  return (
    <Page title={t('email-bind')} narrow>
      <div class="card stack">
        {phase.value === 'unknown' ? (
          <Loading label={t('loading')} />
        ) : bound.value ? (
          <Notice tone="pass" title={t('email-bound')} live>
            {account.value?.email}
          </Notice>
        ) : problem.value ? (
          <ProblemNotice problem={problem.value} />
        ) : !link.value ? (
          <Notice tone="warn" title={t('email-no-link')} />
        ) : phase.value === 'visitor' ? (
          <Notice tone="info" title={t('email-sign-in')} />
        ) : (
          <p>{t('email-confirm-text')}</p>
        )}
        <div class="actions">
          {phase.value === 'visitor' ? (
            <ButtonLink href="/login?next=%2Factivate-email" look="primary">
              {t('nav-login')}
            </ButtonLink>
          ) : link.value && !bound.value && !problem.value ? (
            <Button look="primary" busy={busy.value} onClick={() => void confirm()}>
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
