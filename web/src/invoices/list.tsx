import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useAnswer } from '../api/use-answer'
import { locale, t } from '../i18n'
import { beijing, money } from '../i18n/format'
import { MeFrame } from '../me/frame'
import { parseYuan } from '../pay/amount'
import { ButtonLink } from '../ui/button'
import { Field } from '../ui/field'
import { FilterBar } from '../ui/filter-bar'
import { DetailLink, NumberField, OneOfField } from '../ui/filter-fields'
import type { Form } from '../ui/form'
import { ListView } from '../ui/list-view'
import { address, readFilters, toRequest, type Filters } from '../ui/listing'
import { InvoiceActions } from './actions'
import { INVOICE_STATES, InvoiceState } from './state'
import './invoices.css'

const INVOICES = { path: '/me/invoices', names: ['no', 'state', 'min', 'max'] as const }
type Own = Filters<(typeof INVOICES.names)[number]>

/** The address holds yuan as people write them, the request whole fen. What is no amount narrows nothing. */
function request(filters: Own) {
  const { min, max, ...rest } = toRequest(INVOICES, filters)
  const [minFen, maxFen] = [min, max].map((text) => parseYuan(String(text ?? '')))
  return { ...rest, ...(minFen !== undefined && { minFen }), ...(maxFen !== undefined && { maxFen }) }
}

export default function Invoices() {
  const { query, route } = useLocation()
  const filters = readFilters(INVOICES, query)
  const asked = JSON.stringify(filters)
  const ask = () => outcome(api.GET('/v1/invoices', { params: { query: request(filters) }, cache: 'no-store' }))
  const answer = useAnswer(ask, [asked, locale.value])
  const go = (next: Own) => route(address(INVOICES, next))
  return (
    <MeFrame title={t('me-invoices')}>
      <FilterBar key={asked} listing={INVOICES} filters={filters} onChange={go}>
        {(form) => <OwnFields form={form} />}
      </FilterBar>
      <ListView
        label={t('me-invoices')}
        listing={INVOICES}
        filters={filters}
        answer={answer}
        go={go}
        empty={{ title: t('invoices-none'), action: <HowTo /> }}
      >
        {(invoices) => <InvoiceTable invoices={invoices} onChanged={answer.again} />}
      </ListView>
    </MeFrame>
  )
}

function HowTo() {
  return (
    <>
      <p class="muted">{t('invoices-none-how')}</p>
      <ButtonLink href="/me/orders">{t('invoices-to-orders')}</ButtonLink>
    </>
  )
}

function OwnFields({ form }: { form: Form<Own> }) {
  const states = INVOICE_STATES.map((state) => ({ value: state, label: t(`invoice-${state}`) }))
  return (
    <>
      <NumberField name="no" label={t('invoice-no')} value={form.values.no} onInput={(value) => form.set('no', value)} />
      <OneOfField
        name="state"
        label={t('invoice-state')}
        value={form.values.state}
        options={states}
        onChange={(state) => form.set('state', state)}
      />
      {(['min', 'max'] as const).map((name) => {
        const wrong = form.values[name] !== '' && parseYuan(form.values[name]) === undefined
        return (
          <Field key={name} name={name} label={t(`invoice-${name}`)} error={wrong ? t('invoice-amount-wrong') : undefined}>
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
