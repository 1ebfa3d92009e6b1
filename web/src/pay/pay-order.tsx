import { useSignal } from '@preact/signals'
import { api, type Outcome, outcome, type Schemas } from '../api/client'
import { useIdempotencyKeys } from '../api/idempotency-key'
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

/** Alipay: its own page, which returns to the order. WeChat: a QR code. */
function newPayment(order: Order): Schemas['NewPayment'] {
  const returnUrl = new URL(`/me/orders/${order.no}`, window.location.origin).href
  return order.method === 'alipay' ? { scene: 'page', returnUrl } : { scene: 'qr' }
}

/** Actions on an unpaid order: change the method, pay, cancel. */
export function PayOrder({ order, code, onCode, onProblem, onChanged }: Props) {
  const busy = useSignal(false)
  // The chosen method stays selected while the request runs.
  const method = useSignal(order.method)
  const idempotencyKey = useIdempotencyKeys()
  const path = { no: order.no }

  async function run<T>(call: Promise<Outcome<T>>): Promise<T | undefined> {
    busy.value = true
    onProblem(undefined)
    const result = await call
    busy.value = false
    if (result.ok) return result.data
    onProblem(result.problem)
    return undefined
  }
  async function pay() {
    const params = { path, header: idempotencyKey('pay', order.method, order.netFen) }
    const payment = await run(outcome(api.POST('/v1/orders/{no}/payments', { params, body: newPayment(order) })))
    if (!payment) return
    onCode(payment.code ?? undefined)
    await onChanged()
  }
  async function cancel() {
    const params = { path, header: idempotencyKey('cancel') }
    if (await run(outcome(api.POST('/v1/orders/{no}/cancellation', { params })))) await onChanged()
  }
  async function changeMethod(next: Method) {
    method.value = next
    // The time makes each change its own request: returning to an earlier method must not repeat the response of the
    // first change.
    const params = { path, header: idempotencyKey('amend', order.method, next, Date.now()) }
    const body = { method: next, ...(order.couponId && { couponId: order.couponId }) }
    if (!(await run(outcome(api.PATCH('/v1/orders/{no}', { params, body }))))) {
      method.value = order.method
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
          value={method.value}
          options={METHODS.map((value) => ({ value, label: t(`payment-${value}`) }))}
          onChange={(value) => void changeMethod(value as Method)}
        />
      </FieldGroup>
      {code ? (
        <PayCodeView code={code} provider={order.method} amountFen={order.netFen} />
      ) : (
        <div class="actions">
          <Button variant="primary" busy={busy.value} onClick={() => void pay()}>
            {t('order-pay', { amount: money(order.netFen) })}
          </Button>
          <Button onClick={() => void cancel()}>{t('order-cancel')}</Button>
        </div>
      )}
    </>
  )
}
