import { useSignal } from '@preact/signals'
import { useRoute } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { OrderLines } from '../pay/order-lines'
import { PayOrder } from '../pay/pay-order'
import { usePoll } from '../pay/use-poll'
import { ButtonLink } from '../ui/button'
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
  // Also without a code in sight: who comes back from the provider's own page waits for its word.
  usePoll(order.value?.state === 'awaiting-payment', load)

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
            <PayOrder order={found} code={code.value} onCode={(next) => (code.value = next)} onProblem={(next) => (problem.value = next)} onChanged={load} />
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
        [t('order-method'), t(`payment-${order.paidWith ?? order.method}`)],
        [t('order-gross'), money(order.grossFen)],
        [t('order-coupon'), order.couponId],
        [t('order-discount'), order.discountFen > 0 ? `−${money(order.discountFen)}` : undefined],
        [t('order-net'), money(order.netFen)],
        [t('order-placed'), beijing(order.placedAt)],
        [t('order-paid-at'), order.paidAt && beijing(order.paidAt)],
        [t('order-close-at'), order.state === 'awaiting-payment' && order.closeAt ? beijing(order.closeAt) : undefined],
      ]}
    />
  )
}
