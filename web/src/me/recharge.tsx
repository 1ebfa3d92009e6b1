import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { useIdempotencyKeys } from '../api/idempotency-key'
import { fieldErrors, type Problem } from '../api/problem'
import { usePoll } from '../api/use-poll'
import { useQuery } from '../api/use-query'
import { t } from '../i18n'
import { money, yuan } from '../i18n/format'
import { parseYuan, rechargeable } from '../pay/amount'
import { PayCodeView } from '../pay/pay-code'
import { Button, ButtonLink } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { TextField } from '../ui/text-field'
import { AccountLayout } from './account-layout'
import { walletVersion } from './wallet'

/** 账户充值: the amount, then the payment code in a dialog. */
export default function RechargePage() {
  const form = useForm({ amount: '' })
  const options = useQuery(() => outcome(api.GET('/v1/recharges/options')), [])
  const requestedFen = useSignal<number | undefined>(undefined)
  const creditedFen = useSignal<number | undefined>(undefined)

  function submit(event: Event) {
    event.preventDefault()
    const fen = parseYuan(form.values.amount)
    if (!rechargeable(fen)) return form.setErrors({ amount: t('recharge-range') })
    form.clearErrors()
    creditedFen.value = undefined
    requestedFen.value = fen
  }

  return (
    <AccountLayout title={t('me-recharge')} lead={t('recharge-lead')}>
      {creditedFen.value !== undefined && (
        <Notice tone="pass" title={t('recharge-done', { amount: money(creditedFen.value) })} live>
          <p>
            <ButtonLink href="/photos/new">{t('nav-new-photo')}</ButtonLink>
          </p>
        </Notice>
      )}
      <form class="card stack" noValidate onSubmit={submit}>
        <ErrorSummary form={form} order={['amount']} />
        <div class="row" role="group" aria-label={t('recharge-presets')}>
          {options.data?.amountsFen.map((fen) => (
            <button
              key={fen}
              type="button"
              class="chip figures"
              aria-pressed={parseYuan(form.values.amount) === fen}
              onClick={() => form.set('amount', yuan(fen))}
            >
              {t('fee-value', { yuan: yuan(fen) })}
            </button>
          ))}
        </div>
        <TextField
          form={form}
          name="amount"
          label={t('recharge-amount')}
          hint={t('recharge-range')}
          required
          class="control figures amount-input"
          input={{ inputMode: 'decimal', autocomplete: 'off' }}
        />
        <div class="actions">
          <Button type="submit" variant="primary">
            {t('recharge-submit')}
          </Button>
        </div>
      </form>
      {requestedFen.value !== undefined && (
        <RechargeDialog
          amountFen={requestedFen.value}
          onClose={() => (requestedFen.value = undefined)}
          onCredited={() => {
            creditedFen.value = requestedFen.value
            requestedFen.value = undefined
            walletVersion.value += 1
          }}
        />
      )}
    </AccountLayout>
  )
}

interface DialogProps {
  amountFen: number
  onClose: () => void
  onCredited: () => void
}

/** 钱包充值: the choice of the payment provider, its QR code, and the wait for the credit. */
function RechargeDialog({ amountFen, onClose, onCredited }: DialogProps) {
  const recharge = useSignal<Schemas['Recharge'] | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const busy = useSignal(false)
  const idempotencyKey = useIdempotencyKeys()
  const current = recharge.value

  async function start(provider: Schemas['Provider']) {
    busy.value = true
    problem.value = undefined
    const body = { amountFen, provider }
    const created = await outcome(api.POST('/v1/recharges', { body, params: { header: idempotencyKey(body) } }))
    busy.value = false
    if (created.ok) recharge.value = created.data
    else problem.value = fieldErrorAsTitle(created.problem)
  }

  usePoll(current?.state === 'requested', async () => {
    const path = { no: recharge.peek()!.no }
    const loaded = await outcome(api.GET('/v1/recharges/{no}', { params: { path }, cache: 'no-store' }))
    if (!loaded.ok) return
    if (loaded.data.state === 'credited') onCredited()
    else recharge.value = { ...recharge.peek()!, state: loaded.data.state }
  })

  return (
    <Dialog title={t('wallet-box')} onClose={onClose}>
      <div class="stack">
        {problem.value && <ProblemNotice problem={problem.value} />}
        {!current && (
          <>
            <p>{t('wallet-box-amount', { amount: money(amountFen) })}</p>
            <div class="actions">
              {(['wechat', 'alipay'] as const).map((provider) => (
                <Button
                  key={provider}
                  variant={provider === 'wechat' ? 'primary' : 'plain'}
                  busy={busy.value}
                  onClick={() => void start(provider)}
                >
                  {t(`payment-${provider}`)}
                </Button>
              ))}
            </div>
          </>
        )}
        {current?.state === 'lapsed' && <Notice tone="warn" title={t('recharge-lapsed')} live />}
        {current?.state === 'requested' && current.qrText && (
          <PayCodeView
            code={{ kind: 'qr', text: current.qrText }}
            provider={current.provider}
            amountFen={current.amountFen}
          />
        )}
      </div>
    </Dialog>
  )
}

/** Shows the error of the amount field as the title: the dialog does not contain that field. */
function fieldErrorAsTitle(problem: Problem): Problem {
  const [first] = Object.values(fieldErrors(problem))
  return first ? { ...problem, title: first } : problem
}
