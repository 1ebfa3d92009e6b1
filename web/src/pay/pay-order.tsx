import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { useKeys } from '../api/key'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { money } from '../i18n/format'
import { Button } from '../ui/button'
import { RadioCards } from '../ui/choice'
import { FieldGroup } from '../ui/field'
import { PayCodeView } from './pay-code'

type Order = Schemas['Order']
type Method = Schemas['PaymentMethod']

export const METHODS: Method[] = ['balance', 'alipay', 'wechat']

interface Props {
  order: Order
  code: Schemas['PayCode'] | undefined
  onCode: (code: Schemas['PayCode'] | undefined) => void
  onProblem: (problem: Problem | undefined) => void
  onChanged: () => Promise<void>
}

/** Alipay is paid on its own page, which leads back here; WeChat by a code to scan. */
function scene(order: Order): Schemas['NewPayment'] {
  const here = new URL(`/me/orders/${order.no}`, window.location.origin).href
  return order.method === 'alipay' ? { scene: 'page', returnUrl: here } : { scene: 'qr' }
}

/** An unpaid order: another method, payment, or no order after all. */
export function PayOrder({ order, code, onCode, onProblem, onChanged }: Props) {
  const busy = useSignal(false)
  // What was pressed stays pressed while the service is asked.
  const chosen = useSignal(order.method)
  const keys = useKeys()
  const path = { no: order.no }

  async function act<T>(call: Promise<{ ok: true; data: T } | { ok: false; problem: Problem }>): Promise<T | undefined> {
    busy.value = true
    onProblem(undefined)
    const answer = await call
    busy.value = false
    if (answer.ok) return answer.data
    onProblem(answer.problem)
    return undefined
  }
  async function pay() {
    const params = { path, header: keys('pay', order.method, order.netFen) }
    const made = await act(outcome(api.POST('/v1/orders/{no}/payments', { params, body: scene(order) })))
    if (!made) return
    onCode(made.code ?? undefined)
    await onChanged()
  }
  async function cancel() {
    const params = { path, header: keys('cancel') }
    if (await act(outcome(api.POST('/v1/orders/{no}/cancellation', { params })))) await onChanged()
  }
  async function choose(method: Method) {
    chosen.value = method
    // Going back to a method is another change than the first one was.
    const params = { path, header: keys('amend', order.method, method, Date.now()) }
    const body = { method, ...(order.couponId && { couponId: order.couponId }) }
    if (!(await act(outcome(api.PATCH('/v1/orders/{no}', { params, body }))))) {
      chosen.value = order.method
      return
    }
    onCode(undefined)
    await onChanged()
  }

  return (
    <>
      <FieldGroup name="method" legend={t('order-choose-method')}>
        <RadioCards
          name="method"
          value={chosen.value}
          options={METHODS.map((value) => ({ value, label: t(`payment-${value}`) }))}
          onChange={(value) => void choose(value as Method)}
        />
      </FieldGroup>
      {code ? (
        <PayCodeView code={code} provider={order.method} amountFen={order.netFen} />
      ) : (
        <div class="actions">
          <Button look="primary" busy={busy.value} onClick={() => void pay()}>
            {t('order-pay', { amount: money(order.netFen) })}
          </Button>
          <Button onClick={() => void cancel()}>{t('order-cancel')}</Button>
        </div>
      )}
    </>
  )
}
