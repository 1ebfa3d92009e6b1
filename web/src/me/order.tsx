import { useSignal } from '@preact/signals'
import { useRoute } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { OrderLines } from '../pay/order-lines'
import { PayCodeView } from '../pay/pay-code'
import { usePoll } from '../pay/use-poll'
import { Button, ButtonLink } from '../ui/button'
import { Descriptions } from '../ui/descriptions'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { MeFrame } from './frame'
import { OrderState } from './order-state'
import { walletChanges } from './wallet'

type Order = Schemas['Order']

/** One order at a stable address: what it is for, what is to be paid, and paying it. */
export default function OrderPage() {
  const orderNo = useRoute().params.orderNo ?? ''
  const order = useSignal<Order | undefined>(undefined)
  const code = useSignal<Schemas['PayCode'] | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const path = { no: orderNo }

  async function load() {
    const seen = await outcome(api.GET('/v1/orders/{no}', { params: { path }, cache: 'no-store' }))
    if (!seen.ok) {
      if (!order.peek()) problem.value = seen.problem
      return
    }
    if (order.peek()?.state === 'awaiting-payment' && seen.data.state !== 'awaiting-payment') {
      walletChanges.value += 1
      code.value = undefined
    }
    order.value = seen.data
  }
  useEffect(() => void load(), [orderNo])
  usePoll(order.value?.state === 'awaiting-payment' && code.value !== undefined, load)

  const found = order.value
  return (
    <MeFrame title={t('order-title', { number: orderNo })}>
      {problem.value && <ProblemNotice problem={problem.value} />}
      {!found && !problem.value && <Loading label={t('loading')} />}
      {found && (
        <section class="card stack">
          {found.state === 'paid' && (
            <Notice tone="pass" title={t('order-paid-notice')} live>
              <p>
                <ButtonLink href="/photos">{t('order-to-photos')}</ButtonLink>
              </p>
            </Notice>
          )}
          <OrderLines lines={found.lines} />
          <Facts order={found} />
          {found.state === 'awaiting-payment' && (
            <Pay order={found} code={code.value} onCode={(next) => (code.value = next)} onProblem={(next) => (problem.value = next)} onChanged={load} />
          )}
        </section>
      )}
    </MeFrame>
  )
}

function Facts({ order }: { order: Order }) {
  return (
    <Descriptions
      rows={[
        [t('order-state'), <OrderState order={order} />],
        [t('order-method'), t(`payment-${order.method}`)],
        [t('order-gross'), money(order.grossFen)],
        [t('order-discount'), order.discountFen > 0 ? `−${money(order.discountFen)}` : undefined],
        [t('order-net'), money(order.netFen)],
        [t('order-placed'), beijing(order.placedAt)],
        [t('order-paid-at'), order.paidAt && beijing(order.paidAt)],
        [t('order-close-at'), order.state === 'awaiting-payment' && order.closeAt ? beijing(order.closeAt) : undefined],
      ]}
    />
  )
}

/** Alipay is paid on its own page, which leads back here; WeChat by a code to scan. */
function scene(order: Order): Schemas['NewPayment'] {
  const here = new URL(`/me/orders/${order.no}`, window.location.origin).href
  return order.method === 'alipay' ? { scene: 'page', returnUrl: here } : { scene: 'qr' }
}

interface PayProps {
  order: Order
  code: Schemas['PayCode'] | undefined
  onCode: (code: Schemas['PayCode'] | undefined) => void
  onProblem: (problem: Problem | undefined) => void
  onChanged: () => Promise<void>
}

function Pay({ order, code, onCode, onProblem, onChanged }: PayProps) {
  const busy = useSignal(false)
  const params = { path: { no: order.no } }

  async function act(call: Promise<{ ok: boolean; problem?: Problem; data?: unknown }>) {
    busy.value = true
    onProblem(undefined)
    const answer = await call
    busy.value = false
    if (!answer.ok) onProblem(answer.problem)
    return answer.ok
  }
  async function pay() {
    const call = outcome(api.POST('/v1/orders/{no}/payments', { params, body: scene(order) }))
    if (!(await act(call))) return
    const made = await call
    if (made.ok) onCode(made.data.code)
    await onChanged()
  }
  async function cancel() {
    if (await act(outcome(api.POST('/v1/orders/{no}/cancellation', { params })))) await onChanged()
  }

  if (code) return <PayCodeView code={code} provider={order.method} amountFen={order.netFen} />
  return (
    <div class="actions">
      <Button look="primary" busy={busy.value} onClick={() => void pay()}>
        {t('order-pay', { amount: money(order.netFen) })}
      </Button>
      <Button onClick={() => void cancel()}>{t('order-cancel')}</Button>
    </div>
  )
}
