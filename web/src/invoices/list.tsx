import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useQuery } from '../api/use-query'
import { locale, t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { AccountLayout } from '../me/account-layout'
import { parseYuan } from '../pay/amount'
import { ButtonLink } from '../ui/button'
import { Field } from '../ui/field'
import { FilterBar } from '../ui/filter-bar'
import { DetailLink, NumberField, OneOfField } from '../ui/filter-fields'
import type { Form } from '../ui/form'
import { ListView } from '../ui/list-view'
import { type Filters, listUrl, readFilters, toRequest } from '../ui/listing'
import { InvoiceActions } from './actions'
import { INVOICE_STATES, InvoiceState } from './state'
import './invoices.css'

const INVOICES = { path: '/me/invoices', names: ['no', 'state', 'min', 'max'] as const }
type InvoiceFilters = Filters<(typeof INVOICES.names)[number]>

/**
 * The query of the request. The page's URL has amounts in yuan, the request in fen; text that is no amount is left out.
 */
function toQuery(filters: InvoiceFilters) {
  const { min, max, ...rest } = toRequest(INVOICES, filters)
  const [minFen, maxFen] = [min, max].map((text) => parseYuan(String(text ?? '')))
  return { ...rest, ...(minFen !== undefined && { minFen }), ...(maxFen !== undefined && { maxFen }) }
}

/** 我的发票: filters and the table of invoice applications. */
export default function Invoices() {
  const { query, route } = useLocation()
  const filters = readFilters(INVOICES, query)
  const filterKey = JSON.stringify(filters)
  const load = () => outcome(api.GET('/v1/invoices', { params: { query: toQuery(filters) }, cache: 'no-store' }))
  const invoices = useQuery(load, [filterKey, locale.value])
  const go = (next: InvoiceFilters) => route(listUrl(INVOICES, next))
  return (
    <AccountLayout title={t('me-invoices')}>
      <FilterBar key={filterKey} listing={INVOICES} filters={filters} onChange={go}>
        {(form) => <InvoiceFilterFields form={form} />}
      </FilterBar>
      <ListView
        label={t('me-invoices')}
        listing={INVOICES}
        filters={filters}
        result={invoices}
        go={go}
        empty={{ title: t('invoices-none'), action: <HowToApply /> }}
      >
        {(items) => <InvoiceTable invoices={items} onChanged={invoices.refetch} />}
      </ListView>
    </AccountLayout>
  )
}

function HowToApply() {
  return (
    <>
      <p class="muted">{t('invoices-none-how')}</p>
      <ButtonLink href="/me/orders">{t('invoices-to-orders')}</ButtonLink>
    </>
  )
}

function InvoiceFilterFields({ form }: { form: Form<InvoiceFilters> }) {
  const states = INVOICE_STATES.map((state) => ({ value: state, label: t(`invoice-${state}`) }))
  return (
    <>
      <NumberField
        name="no"
        label={t('invoice-no')}
        value={form.values.no}
        onInput={(value) => form.set('no', value)}
      />
      <OneOfField
        name="state"
        label={t('invoice-state')}
        value={form.values.state}
        options={states}
        onChange={(state) => form.set('state', state)}
      />
      {(['min', 'max'] as const).map((name) => {
        const invalid = form.values[name] !== '' && parseYuan(form.values[name]) === undefined
        return (
          <Field
            key={name}
            name={name}
            label={t(`invoice-${name}`)}
            error={invalid ? t('invoice-amount-wrong') : undefined}
          >
            {(control) => (
              <input
                {...control}
                class="control figures"
                inputMode="decimal"
                autocomplete="off"
                value={form.values[name]}
                onInput={(event) => form.set(name, event.currentTarget.value.trim())}
              />
            )}
          </Field>
        )
      })}
    </>
  )
}

function InvoiceTable({ invoices, onChanged }: { invoices: Schemas['Invoice'][]; onChanged: () => void }) {
  return (
    <table class="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('invoice-no')}</th>
          <th scope="col">{t('invoice-title')}</th>
          <th scope="col">{t('invoice-applied-at')}</th>
          <th scope="col" class="end">
            {t('invoice-amount')}
          </th>
          <th scope="col">{t('invoice-state')}</th>
          <th scope="col">{t('actions')}</th>
        </tr>
      </thead>
      <tbody>
        {invoices.map((invoice) => (
          <tr key={invoice.no}>
            <th scope="row">{invoice.no}</th>
            <td data-label={t('invoice-title')}>{invoice.title}</td>
            <td data-label={t('invoice-applied-at')}>{beijing(invoice.appliedAt)}</td>
            <td class="end" data-label={t('invoice-amount')}>
              {money(invoice.amountFen)}
            </td>
            <td data-label={t('invoice-state')}>
              <InvoiceState invoice={invoice} />
            </td>
            <td>
              <div class="row">
                <DetailLink href={`/me/invoices/${invoice.no}`} text={t('invoice-detail')} no={invoice.no} />
                <InvoiceActions invoice={invoice} onChanged={onChanged} />
              </div>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
