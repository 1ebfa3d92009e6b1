import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { usePoll } from '../api/use-poll'
import { t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { OrderLines } from '../pay/order-lines'
import { PayOrder } from '../pay/pay-order'
import { ButtonLink } from '../ui/button'
import { Descriptions } from '../ui/descriptions'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { AccountLayout } from './account-layout'
import { OrderState } from './order-state'
import { walletVersion } from './wallet'

type Order = Schemas['Order']

/** One order: its photos, its amounts and, while it is unpaid, its payment. */
export default function OrderPage() {
  const orderNo = useRoute().params.orderNo ?? ''
  const order = useSignal<Order | undefined>(undefined)
  const payCode = useSignal<Schemas['PayCode'] | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const path = { no: orderNo }

  async function load() {
    const loaded = await outcome(api.GET('/v1/orders/{no}', { params: { path }, cache: 'no-store' }))
    if (!loaded.ok) {
      // A failed poll leaves the order on the page.
      if (!order.peek()) problem.value = loaded.problem
      return
    }
    if (order.peek()?.state === 'awaiting-payment' && loaded.data.state !== 'awaiting-payment') {
      walletVersion.value += 1
      payCode.value = undefined
    }
    order.value = loaded.data
  }
  useEffect(() => void load(), [orderNo])
  // Also without a payment code on the page: after the redirect from Alipay the payment may still be pending.
  usePoll(order.value?.state === 'awaiting-payment', load)

  const found = order.value
  return (
    <AccountLayout title={t('order-title', { number: orderNo })}>
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
            <PayOrder
              order={found}
              code={payCode.value}
              onCode={(code) => (payCode.value = code)}
              onProblem={(raised) => (problem.value = raised)}
              onChanged={load}
            />
          )}
        </section>
      )}
    </AccountLayout>
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
