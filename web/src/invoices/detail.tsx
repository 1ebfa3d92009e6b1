import { useLocation, useRoute } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useQuery } from '../api/use-query'
import { locale, t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { AccountLayout } from '../me/account-layout'
import { Descriptions } from '../ui/descriptions'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { InvoiceActions } from './actions'
import { InvoiceState } from './state'
import './invoices.css'

/** One invoice with its orders and actions. */
export default function InvoicePage() {
  const no = useRoute().params.no ?? ''
  const { route } = useLocation()
  const query = () => outcome(api.GET('/v1/invoices/{no}', { params: { path: { no } }, cache: 'no-store' }))
  const { data: invoice, problem, refetch } = useQuery(query, [no, locale.value])
  return (
    <AccountLayout title={t('invoice-page', { number: no })}>
      {problem && <ProblemNotice problem={problem} retry={refetch} />}
      {!invoice && !problem && <Loading label={t('loading')} />}
      {invoice && (
        <section class="card stack">
          {invoice.failedFor && (
            <Notice tone="fail" title={t('invoice-why')}>
              <p>{invoice.reason ?? t('invoice-why-refused')}</p>
            </Notice>
          )}
          {invoice.taxNoDoubt && (invoice.state === 'applying' || invoice.state === 'failed') && (
            <Notice tone="warn" title={t('invoice-tax-no-doubt')} />
          )}
          <Facts invoice={invoice} />
          <InvoiceActions
            invoice={invoice}
            onChanged={(action) => (action === 'delete' ? route('/me/invoices') : refetch())}
          />
        </section>
      )}
    </AccountLayout>
  )
}

function Facts({ invoice }: { invoice: Schemas['Invoice'] }) {
  return (
    <Descriptions
      rows={[
        [t('invoice-state'), <InvoiceState invoice={invoice} />],
        [t('invoice-type'), t(`invoice-${invoice.type}`)],
        [t('invoice-amount'), money(invoice.amountFen)],
        [t('invoice-title'), invoice.title],
        [t('invoice-tax-no'), invoice.taxNo ?? undefined],
        [t('invoice-buyerAddress'), invoice.buyerAddress ?? undefined],
        [t('invoice-buyerPhone'), invoice.buyerPhone ?? undefined],
        [t('invoice-buyerBank'), invoice.buyerBank ?? undefined],
        [t('invoice-buyerAccount'), invoice.buyerAccount ?? undefined],
        [t('invoice-remark'), invoice.remark],
        [t('invoice-email'), invoice.email],
        [t('invoice-applied-at'), beijing(invoice.appliedAt)],
        [t('invoice-fiscal-no'), invoice.fiscalNo ?? undefined],
        [t('invoice-issued-at'), invoice.issuedAt ? beijing(invoice.issuedAt) : undefined],
        [t('invoice-red-fiscal-no'), invoice.redFiscalNo ?? undefined],
        [t('invoice-orders'), <OrderList items={invoice.orders} />],
      ]}
    />
  )
}

function OrderList({ items }: { items: Schemas['InvoiceItem'][] }) {
  return (
    <ul class="invoice-orders">
      {items.map(({ orderNo, amountFen }) => (
        <li key={orderNo}>
          <a href={`/me/orders/${orderNo}`}>{orderNo}</a> <span class="figures">{money(amountFen)}</span>
        </li>
      ))}
    </ul>
  )
}
