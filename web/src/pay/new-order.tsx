import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { api, type Outcome, outcome, type Schemas } from '../api/client'
import { useIdempotencyKeys } from '../api/idempotency-key'
import type { Problem } from '../api/problem'
import { useQuery } from '../api/use-query'
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

/** 支付订单: places an order for the photos in `?photos=`, with an optional coupon and a payment method. */
export default function NewOrder() {
  const imageNos = (useLocation().query.photos ?? '').split(',').filter(Boolean)
  const { data, problem, refetch } = useQuery(() => loadPhotos(imageNos), [imageNos.join(), locale.value])
  return (
    <Page title={t('order-new')}>
      {problem ? (
        <ProblemNotice problem={problem} retry={refetch} />
      ) : data ? (
        <OrderForm photos={data} />
      ) : (
        <Loading label={t('loading')} />
      )}
    </Page>
  )
}

/** All photos, or the first problem. */
async function loadPhotos(imageNos: string[]): Promise<Outcome<Photo[]>> {
  const results = await Promise.all(
    imageNos.map((imageNo) => outcome(api.GET('/v1/photos/{imageNo}', { params: { path: { imageNo } } }))),
  )
  const failed = results.find((result) => !result.ok)
  if (failed) return failed
  const data = results.flatMap((result) => (result.ok ? [result.data] : []))
  return { ok: true, data, response: new Response() }
}

function OrderForm({ photos }: { photos: Photo[] }) {
  const { route } = useLocation()
  const method = useSignal<Method>(photos[0]?.paymentMethod ?? 'balance')
  const couponId = useSignal('')
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const idempotencyKey = useIdempotencyKeys()
  const grossFen = photos.reduce((sum, photo) => sum + photo.feeFen, 0)
  const coupons = useQuery(
    () =>
      outcome(
        api.GET('/v1/coupons', { params: { query: { state: 'usable', priceFen: grossFen } }, cache: 'no-store' }),
      ),
    [],
  )
  const usableCoupons = coupons.data?.items ?? []
  const selectedCoupon = usableCoupons.find(({ id }) => id === couponId.value)
  const discountFen = Math.min(grossFen, selectedCoupon?.faceFen ?? 0)

  async function place(event: Event) {
    event.preventDefault()
    busy.value = true
    problem.value = undefined
    const body = {
      imageNos: photos.map((photo) => photo.imageNo),
      method: method.value,
      ...(couponId.value && { couponId: couponId.value }),
    }
    const created = await outcome(api.POST('/v1/orders', { body, params: { header: idempotencyKey(body) } }))
    busy.value = false
    if (created.ok) route(`/me/orders/${created.data.no}`, true)
    else problem.value = created.problem
  }

  const lines = photos.map((photo) => ({
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
      {usableCoupons.length > 0 && (
        <Field name="coupon" label={t('order-coupon')}>
          {(control) => (
            <Select
              control={control}
              value={couponId.value}
              prompt={t(method.value === 'balance' ? 'order-coupon-auto' : 'order-coupon-none')}
              options={usableCoupons.map(({ id, faceFen, expiresAt }) => ({
                value: id,
                label: t('order-coupon-option', { amount: money(faceFen), time: beijing(expiresAt) }),
              }))}
              onChange={(id) => (couponId.value = id)}
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
        {discountFen > 0 && (
          <p class="muted">
            {money(grossFen)} − {money(discountFen)}
          </p>
        )}
        <p class="sum-net">{t('order-to-pay', { amount: money(grossFen - discountFen) })}</p>
      </div>
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy.value}>
          {t('order-confirm')}
        </Button>
      </div>
    </form>
  )
}
