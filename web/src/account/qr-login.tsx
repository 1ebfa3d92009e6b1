import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { usePoll } from '../api/use-poll'
import { config } from '../config'
import { t } from '../i18n'
import { claimQr } from '../session'
import { Button } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { QrCode } from '../ui/qr-code'
import '../pay/pay.css'
import './account.css'

type State = 'waiting' | 'scanned' | 'denied' | 'expired'

/**
 * 扫码登录: the page shows a QR code and the mobile app confirms or denies. The secret that claims the session is in a
 * cookie.
 */
export function QrLogin({ onDone }: { onDone: () => void }) {
  const ticket = useSignal<Schemas['Qr'] | undefined>(undefined)
  const state = useSignal<State>('waiting')
  const problem = useSignal<Problem | undefined>(undefined)

  async function start() {
    problem.value = undefined
    ticket.value = undefined
    const created = await outcome(api.POST('/v1/qr-sign-ins'))
    if (!created.ok) {
      problem.value = created.problem
      return
    }
    state.value = 'waiting'
    ticket.value = created.data
  }
  useEffect(() => void start(), [])

  const polling = ticket.value !== undefined && (state.value === 'waiting' || state.value === 'scanned')
  usePoll(polling, async () => {
    const current = ticket.peek()
    if (!current) return
    const claimed = await claimQr(current.qrId)
    // Another code was requested while this claim was under way.
    if (current !== ticket.peek()) return
    if (claimed === 'signed-in') onDone()
    else if (claimed !== undefined) state.value = claimed
    else if (Date.now() > Date.parse(current.expiresAt)) state.value = 'expired'
  })

  if (problem.value) return <ProblemNotice problem={problem.value} retry={() => void start()} />
  return (
    <div class="card stack">
      <div class="qr-login" aria-live="polite">
        {!ticket.value ? (
          <Loading label={t('loading')} />
        ) : state.value === 'waiting' ? (
          <>
            <QrCode text={ticket.value.content} label={t('qr-picture')} />
            <p>{t('qr-scan')}</p>
          </>
        ) : state.value === 'scanned' ? (
          <>
            <p>{t('qr-scanned')}</p>
            <p class="qr-number figures">{ticket.value.number}</p>
          </>
        ) : (
          <Notice tone={state.value === 'denied' ? 'fail' : 'warn'} title={t(`qr-${state.value}`)} />
        )}
        {ticket.value && !polling && (
          <Button variant="primary" icon="refresh" onClick={() => void start()}>
            {t('qr-again')}
          </Button>
        )}
      </div>
      <AppHint />
    </div>
  )
}

/** Says that scanning needs the mobile app, with its download page when the configuration names one. */
function AppHint() {
  const address = useSignal<string | undefined>(undefined)
  useEffect(() => void config().then((settings) => (address.value = settings.appDownload)), [])
  return (
    <p class="small muted">
      {t('qr-app')} {address.value && <a href={address.value}>{t('qr-app-download')}</a>}
    </p>
  )
}
