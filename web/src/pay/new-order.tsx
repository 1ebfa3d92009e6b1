import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useKeys } from '../api/key'
import type { Problem } from '../api/problem'
import { useAnswer } from '../api/use-answer'
import { locale, t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { Button } from '../ui/button'
import { RadioCards, Select } from '../ui/choice'
import { Loading } from '../ui/empty-state'
import { Field, FieldGroup } from '../ui/field'
import { ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { OrderLines } from './order-lines'
import { METHODS } from './pay-order'
import './pay.css'

type Photo = Schemas['Photo']
type Method = Schemas['PaymentMethod']

/** 支付订单: the passed photos, a coupon, a method, and the order. */
export default function NewOrder() {
  const imageNos = (useLocation().query.photos ?? '').split(',').filter(Boolean)
  const ask = () => photos(imageNos)
  const { data, problem, again } = useAnswer(ask, [imageNos.join(), locale.value])
  return (
    <Page title={t('order-new')}>
      {problem ? (
        <ProblemNotice problem={problem} retry={again} />
      ) : data ? (
        <OrderForm photos={data} />
      ) : (
        <Loading label={t('loading')} />
      )}
    </Page>
  )
}

async function photos(imageNos: string[]) {
  const found = await Promise.all(
    imageNos.map((imageNo) => outcome(api.GET('/v1/photos/{imageNo}', { params: { path: { imageNo } } }))),
  )
  const refused = found.find((one) => !one.ok)
  if (refused && !refused.ok) return refused
  const data = found.flatMap((one) => (one.ok ? [one.data] : []))
  return { ok: true as const, data, response: new Response() }
}

function OrderForm({ photos: chosen }: { photos: Photo[] }) {
  const { route } = useLocation()
  const method = useSignal<Method>(chosen[0]?.paymentMethod ?? 'balance')
  const coupon = useSignal('')
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const keys = useKeys()
  const gross = chosen.reduce((sum, photo) => sum + photo.feeFen, 0)
  const coupons = useAnswer(
    () => outcome(api.GET('/v1/coupons', { params: { query: { state: 'usable', priceFen: gross } }, cache: 'no-store' })),
    [],
  )
  const fitting = coupons.data?.items ?? []
  const discount = Math.min(gross, fitting.find((one) => one.id === coupon.value)?.faceFen ?? 0)

  async function place(event: Event) {
    event.preventDefault()
    busy.value = true
    problem.value = undefined
    const body = {
      imageNos: chosen.map((photo) => photo.imageNo),
      method: method.value,
      ...(coupon.value && { couponId: coupon.value }),
    }
    const made = await outcome(api.POST('/v1/orders', { body, params: { header: keys(body) } }))
    busy.value = false
    if (made.ok) route(`/me/orders/${made.data.no}`, true)
    else problem.value = made.problem
  }

  const lines = chosen.map((photo) => ({
    imageNo: photo.imageNo,
    card: photo.card,
    region: `${photo.region.province}-${photo.region.city}`,
    priceFen: photo.feeFen,
  }))
  return (
    <form class="card stack" onSubmit={(event) => void place(event)}>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <OrderLines lines={lines} />
      <h2>{t('order-information')}</h2>
      {fitting.length > 0 && (
        <Field name="coupon" label={t('order-coupon')}>
          {(control) => (
            <Select
              control={control}
              value={coupon.value}
              prompt={t(method.value === 'balance' ? 'order-coupon-auto' : 'order-coupon-none')}
              options={fitting.map((one) => ({
                value: one.id,
                label: t('order-coupon-option', { amount: money(one.faceFen), time: beijing(one.expiresAt) }),
              }))}
              onChange={(no) => (coupon.value = no)}
            />
          )}
        </Field>
      )}
      <FieldGroup name="method" legend={t('order-choose-method')}>
        <RadioCards
          name="method"
          value={method.value}
          options={METHODS.map((value) => ({ value, label: t(`payment-${value}`) }))}
          onChange={(value) => (method.value = value as Method)}
        />
      </FieldGroup>
      <div class="sum figures" aria-live="polite">
        {discount > 0 && (
          <p class="muted">
            {money(gross)} − {money(discount)}
          </p>
        )}
        <p class="sum-net">{t('order-to-pay', { amount: money(gross - discount) })}</p>
      </div>
      <div class="actions">
        <Button type="submit" look="primary" busy={busy.value}>
          {t('order-confirm')}
        </Button>
      </div>
    </form>
  )
}
