import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useQuery } from '../api/use-query'
import { locale, t } from '../i18n'
import { beijing, money, yuan } from '../i18n/format'
import { EmptyState, Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import '../pay/pay.css'
import '../ui/list.css'
import { AccountLayout } from './account-layout'

const TABS = ['usable', 'used', 'expired', 'frozen'] as const
type Tab = (typeof TABS)[number]

/** 优惠券 by state, one tab each. */
export default function Coupons() {
  const location = useLocation()
  const tab = TABS.find((name) => name === location.query.tab) ?? 'usable'
  const query = () => outcome(api.GET('/v1/coupons', { params: { query: { state: tab } }, cache: 'no-store' }))
  const { data, problem, refetch } = useQuery(query, [tab, locale.value])
  return (
    <AccountLayout title={t('me-coupons')}>
      <nav class="tabs" aria-label={t('me-coupons')}>
        {TABS.map((name) => (
          <a
            key={name}
            class="button"
            href={`/me/coupons?tab=${name}`}
            aria-current={name === tab ? 'page' : undefined}
          >
            {t(`coupons-${name}`)}
          </a>
        ))}
      </nav>
      {problem ? (
        <ProblemNotice problem={problem} retry={refetch} />
      ) : !data ? (
        <Loading label={t('loading')} />
      ) : data.items.length === 0 ? (
        <div class="card">
          <EmptyState icon="info" title={t(`coupons-none-${tab}`)} />
        </div>
      ) : (
        <ul class="coupons">
          {data.items.map((coupon) => (
            <CouponCard key={coupon.id} coupon={coupon} tab={tab} />
          ))}
        </ul>
      )}
    </AccountLayout>
  )
}

function CouponCard({ coupon, tab }: { coupon: Schemas['Coupon']; tab: Tab }) {
  return (
    <li class="coupon" data-spent={tab === 'usable' ? undefined : ''}>
      <p class="coupon-face figures">{money(coupon.faceFen)}</p>
      <div>
        <p>{coupon.minSpendFen > 0 ? t('coupon-min', { yuan: yuan(coupon.minSpendFen) }) : t('coupon-any')}</p>
        {coupon.remindedAt && tab === 'usable' && <p class="small coupon-soon">{t('coupon-soon')}</p>}
        {coupon.frozenWhy && <p class="small">{t('coupon-frozen-why', { why: coupon.frozenWhy })}</p>}
        {coupon.usedAt && <p class="small muted figures">{t('coupon-used-at', { time: beijing(coupon.usedAt) })}</p>}
        <p class="small muted figures">
          {coupon.orderNo ? (
            <a href={`/me/orders/${coupon.orderNo}`}>{t('coupon-order', { number: coupon.orderNo })}</a>
          ) : (
            t('coupon-until', { time: beijing(coupon.expiresAt) })
          )}
        </p>
      </div>
    </li>
  )
}
