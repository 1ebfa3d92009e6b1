import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useQuery } from '../api/use-query'
import { locale, t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { ApplyBar, OrderCheckbox, type Selection, useSelection } from '../invoices/apply'
import { ButtonLink } from '../ui/button'
import { FilterBar } from '../ui/filter-bar'
import { DetailLink, NumberField, OneOfField } from '../ui/filter-fields'
import { ListView } from '../ui/list-view'
import { listUrl, readFilters, toRequest } from '../ui/listing'
import { AccountLayout } from './account-layout'
import { ORDER_STATES, OrderState } from './order-state'

const ORDERS = { path: '/me/orders', names: ['type', 'no', 'state'] as const }

/** 我的订单: filters, the table, and the application for an invoice over the selected orders. */
export default function Orders() {
  const { query, route } = useLocation()
  const filters = readFilters(ORDERS, query)
  const filterKey = JSON.stringify(filters)
  const request = { params: { query: toRequest(ORDERS, filters) }, cache: 'no-store' as const }
  const orders = useQuery(() => outcome(api.GET('/v1/orders', request)), [filterKey, locale.value])
  const selection = useSelection()
  const states = ORDER_STATES.map((state) => ({ value: state, label: t(`order-${state}`) }))
  return (
    <AccountLayout title={t('me-orders')}>
      <FilterBar key={filterKey} listing={ORDERS} filters={filters} onChange={(next) => route(listUrl(ORDERS, next))}>
        {(form) => (
          <>
            <NumberField
              name="no"
              label={t('order-no')}
              value={form.values.no}
              onInput={(value) => form.set('no', value)}
            />
            <OneOfField
              name="type"
              label={t('order-type')}
              value={form.values.type}
              prompt={t('order-type-photos')}
              options={[{ value: 'recharge', label: t('order-type-recharge') }]}
              onChange={(type) => form.set('type', type)}
            />
            <OneOfField
              name="state"
              label={t('order-state')}
              value={form.values.state}
              options={states}
              onChange={(state) => form.set('state', state)}
            />
          </>
        )}
      </FilterBar>
      <ListView
        label={t('me-orders')}
        listing={ORDERS}
        filters={filters}
        result={orders}
        go={(next) => route(listUrl(ORDERS, next))}
        empty={{ title: t('orders-none'), action: <ButtonLink href="/photos/new">{t('nav-new-photo')}</ButtonLink> }}
      >
        {(items) => (
          <>
            <ApplyBar selection={selection} onApplied={orders.refetch} />
            <OrderTable orders={items} selection={selection} />
          </>
        )}
      </ListView>
    </AccountLayout>
  )
}

function OrderTable({ orders, selection }: { orders: Schemas['Order'][]; selection: Selection }) {
  return (
    <table class="table table-cards">
      <thead>
        <tr>
          <th scope="col">
            <span class="visually-hidden">{t('invoice-apply')}</span>
          </th>
          <th scope="col">{t('order-no')}</th>
          <th scope="col">{t('order-placed')}</th>
          <th scope="col">{t('order-method')}</th>
          <th scope="col" class="end">
            {t('order-net')}
          </th>
          <th scope="col">{t('order-state')}</th>
          <th scope="col">{t('actions')}</th>
        </tr>
      </thead>
      <tbody>
        {orders.map((order) => (
          <tr key={order.no}>
            <td>
              <OrderCheckbox order={order} selection={selection} />
            </td>
            <th scope="row">{order.no}</th>
            <td data-label={t('order-placed')}>{beijing(order.placedAt)}</td>
            <td data-label={t('order-method')}>{t(`payment-${order.method}`)}</td>
            <td class="end" data-label={t('order-net')}>
              {money(order.netFen)}
            </td>
            <td data-label={t('order-state')}>
              <OrderState order={order} />
              {order.invoiceNo && (
                <a class="small" href={`/me/invoices/${order.invoiceNo}`}>
                  {t('order-invoiced')}
                </a>
              )}
            </td>
            <td>
              {order.type === 'photos' && (
                <DetailLink href={`/me/orders/${order.no}`} text={t('order-detail')} no={order.no} />
              )}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
