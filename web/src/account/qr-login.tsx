import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { config } from '../config'
import { t } from '../i18n'
import { QrCode } from '../pay/qr-code'
import { usePoll } from '../pay/use-poll'
import { claimQr } from '../session'
import { Button } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import '../pay/pay.css'
import './account.css'

type State = 'waiting' | 'scanned' | 'denied' | 'expired'

/** 扫码登录: the page shows a picture, the app that scans it says yes or no. The secret that claims is in a cookie. */
export function QrLogin({ onDone }: { onDone: () => void }) {
  const ticket = useSignal<Schemas['Qr'] | undefined>(undefined)
  const state = useSignal<State>('waiting')
  const problem = useSignal<Problem | undefined>(undefined)

  async function begin() {
    problem.value = undefined
    ticket.value = undefined
    const made = await outcome(api.POST('/v1/qr-sign-ins'))
    if (!made.ok) {
      problem.value = made.problem
      return
    }
    state.value = 'waiting'
    ticket.value = made.data
  }
  useEffect(() => void begin(), [])

  const asking = ticket.value !== undefined && (state.value === 'waiting' || state.value === 'scanned')
  usePoll(asking, async () => {
    const asked = ticket.peek()
    if (!asked) return
    const claimed = await claimQr(asked.qrId)
    if (asked !== ticket.peek()) return
    if (claimed === 'in') onDone()
    else if (claimed !== undefined) state.value = claimed
    else if (Date.now() > Date.parse(asked.expiresAt)) state.value = 'expired'
  })

  if (problem.value) return <ProblemNotice problem={problem.value} retry={() => void begin()} />
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
        {ticket.value && !asking && (
          <Button look="primary" icon="refresh" onClick={() => void begin()}>
            {t('qr-again')}
          </Button>
        )}
      </div>
      <AppHint />
    </div>
  )
}

/** Scanning needs the app; where to get it is the operator's to say. */
function AppHint() {
  const address = useSignal<string | undefined>(undefined)
  useEffect(() => void config().then((read) => (address.value = read.appDownload)), [])
  return (
    <p class="small muted">
      {t('qr-app')} {address.value && <a href={address.value}>{t('qr-app-download')}</a>}
    </p>
  )
}
