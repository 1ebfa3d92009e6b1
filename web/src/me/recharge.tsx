import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { useKeys } from '../api/key'
import { fieldErrors, type Problem } from '../api/problem'
import { useAnswer } from '../api/use-answer'
import { t } from '../i18n'
import { money, yuan } from '../i18n/format'
import { parseYuan, rechargeable } from '../pay/amount'
import { PayCodeView } from '../pay/pay-code'
import { usePoll } from '../pay/use-poll'
import { Button, ButtonLink } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { MeFrame } from './frame'
import { walletChanges } from './wallet'

export default function RechargePage() {
  const form = useForm({ amount: '' })
  const options = useAnswer(() => outcome(api.GET('/v1/recharges/options')), [])
  const asked = useSignal<number | undefined>(undefined)
  const credited = useSignal<number | undefined>(undefined)

  function submit(event: Event) {
    event.preventDefault()
    const fen = parseYuan(form.values.amount)
    if (!rechargeable(fen)) return form.refuse({ amount: t('recharge-range') })
    form.accept()
    credited.value = undefined
    asked.value = fen
  }

  return (
    <MeFrame title={t('me-recharge')} lead={t('recharge-lead')}>
      {credited.value !== undefined && (
        <Notice tone="pass" title={t('recharge-done', { amount: money(credited.value) })} live>
          <p>
            <ButtonLink href="/photos/new">{t('nav-new-photo')}</ButtonLink>
          </p>
        </Notice>
      )}
      <form class="card stack" noValidate onSubmit={submit}>
        <ErrorSummary errors={form.errors} refusals={form.refusals} order={['amount']} />
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
        <Field name="amount" label={t('recharge-amount')} hint={t('recharge-range')} error={form.errors.amount} required>
          {(control) => (
            <input
              {...control}
              class="control figures amount-input"
              inputMode="decimal"
              autocomplete="off"
              value={form.values.amount}
              onInput={(event) => form.set('amount', event.currentTarget.value)}
            />
          )}
        </Field>
        <div class="actions">
          <Button type="submit" look="primary">
            {t('recharge-submit')}
          </Button>
        </div>
      </form>
      {asked.value !== undefined && (
        <WalletBox
          amountFen={asked.value}
          onClose={() => (asked.value = undefined)}
          onCredited={() => {
            credited.value = asked.value
            asked.value = undefined
            walletChanges.value += 1
          }}
        />
      )}
    </MeFrame>
  )
}

interface BoxProps {
  amountFen: number
  onClose: () => void
  onCredited: () => void
}

/** 钱包充值: choose the provider, scan, and wait for the money. */
function WalletBox({ amountFen, onClose, onCredited }: BoxProps) {
  const recharge = useSignal<Schemas['Recharge'] | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const busy = useSignal(false)
  const keys = useKeys()
  const open = recharge.value

  async function start(provider: Schemas['Provider']) {
    busy.value = true
    problem.value = undefined
    const body = { amountFen, provider }
    const made = await outcome(api.POST('/v1/recharges', { body, params: { header: keys(body) } }))
    busy.value = false
    if (made.ok) recharge.value = made.data
    else problem.value = refusal(made.problem)
  }

  usePoll(open?.state === 'requested', async () => {
    const path = { no: recharge.peek()!.no }
    const seen = await outcome(api.GET('/v1/recharges/{no}', { params: { path }, cache: 'no-store' }))
    if (!seen.ok) return
    if (seen.data.state === 'credited') onCredited()
    else recharge.value = { ...recharge.peek()!, state: seen.data.state }
  })

  return (
    <Dialog title={t('wallet-box')} onClose={onClose}>
      <div class="stack">
        {problem.value && <ProblemNotice problem={problem.value} />}
        {!open && (
          <>
            <p>{t('wallet-box-amount', { amount: money(amountFen) })}</p>
            <div class="actions">
              {(['wechat', 'alipay'] as const).map((provider) => (
                <Button key={provider} look={provider === 'wechat' ? 'primary' : 'plain'} busy={busy.value} onClick={() => void start(provider)}>
                  {t(`payment-${provider}`)}
                </Button>
              ))}
            </div>
          </>
        )}
        {open?.state === 'lapsed' && <Notice tone="warn" title={t('recharge-lapsed')} live />}
        {open?.state === 'requested' && open.qrText && (
          <PayCodeView code={{ kind: 'qr', text: open.qrText }} provider={open.provider} amountFen={open.amountFen} />
        )}
      </div>
    </Dialog>
  )
}

/** The amount is not in sight any more: what is wrong with it is said here. */
function refusal(problem: Problem): Problem {
  const [first] = Object.values(fieldErrors(problem))
  return first ? { ...problem, title: first } : problem
}
