import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { useAnswer } from '../api/use-answer'
import { locale, maybe, t } from '../i18n'
import { beijing } from '../i18n/format'
import { Button } from '../ui/button'
import { FilterBar } from '../ui/filter-bar'
import { NumberField, OneOfField } from '../ui/filter-fields'
import { ListView } from '../ui/list-view'
import { address, readFilters, toRequest } from '../ui/listing'
import { ProblemNotice } from '../ui/notice'
import { MeFrame } from './frame'

const TRANSACTIONS = { path: '/me/transactions', names: ['orderNo', 'type'] as const }
const KINDS = ['recharge', 'spend', 'refund'] as const

export default function Transactions() {
  const { query, route } = useLocation()
  const filters = readFilters(TRANSACTIONS, query)
  const asked = JSON.stringify(filters)
  const request = { params: { query: toRequest(TRANSACTIONS, filters) }, cache: 'no-store' as const }
  const answer = useAnswer(() => outcome(api.GET('/v1/transactions', request)), [asked, locale.value])
  return (
    <MeFrame title={t('me-transactions')}>
      <FilterBar key={asked} listing={TRANSACTIONS} filters={filters} onChange={(next) => route(address(TRANSACTIONS, next))}>
        {(form) => (
          <>
            <NumberField
              name="orderNo"
              label={t('order-no')}
              value={form.values.orderNo}
              onInput={(value) => form.set('orderNo', value)}
            />
            <OneOfField
              name="type"
              label={t('transaction-kind')}
              value={form.values.type}
              options={KINDS.map((kind) => ({ value: kind, label: t(`transaction-${kind}`) }))}
              onChange={(type) => form.set('type', type)}
            />
          </>
        )}
      </FilterBar>
      <Statement filters={filters} />
      <ListView
        label={t('me-transactions')}
        listing={TRANSACTIONS}
        filters={filters}
        answer={answer}
        go={(next) => route(address(TRANSACTIONS, next))}
        empty={{ title: t('transactions-none') }}
      >
        {(items) => <Ledger items={items} />}
      </ListView>
    </MeFrame>
  )
}

/** What the filters let through, as a file for a spreadsheet. */
function Statement({ filters }: { filters: ReturnType<typeof readFilters<(typeof TRANSACTIONS.names)[number]>> }) {
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  async function save() {
    busy.value = true
    problem.value = undefined
    const { orderNo, type, from, to } = filters
    const query = Object.fromEntries(Object.entries({ orderNo, type, from, to }).filter(([, value]) => value !== ''))
    const file = await outcome(
      api.GET('/v1/transactions/statement.csv', { params: { query }, parseAs: 'text', cache: 'no-store' }),
    )
    busy.value = false
    if (!file.ok) return void (problem.value = file.problem)
    const link = document.createElement('a')
    // Spreadsheets read UTF-8 only when told: by the mark in front.
    link.href = URL.createObjectURL(new Blob(['\ufeff', file.data], { type: 'text/csv' }))
    link.download = 'transactions.csv'
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <div class="actions">
        <Button busy={busy.value} onClick={() => void save()}>
          {t('transactions-save')}
        </Button>
      </div>
    </>
  )
}

/** `+15.00`, `−1.50`: the sign is part of the text. */
const signed = (fen: number): string => `${fen < 0 ? '−' : '+'}${(Math.abs(fen) / 100).toFixed(2)}`

function Ledger({ items }: { items: Schemas['Transaction'][] }) {
  return (
    <table class="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('transaction-at')}</th>
          <th scope="col">{t('transaction-kind')}</th>
          <th scope="col">{t('order-no')}</th>
          <th scope="col" class="end">
            {t('transaction-amount')}
          </th>
          <th scope="col" class="end">
            {t('transaction-balance')}
          </th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.seq}>
            <th scope="row">{beijing(item.at)}</th>
            <td class="keep" data-label={t('transaction-kind')}>{maybe(`transaction-${item.type}`) ?? item.typeText}</td>
            <td data-label={t('order-no')}>{item.orderNo}</td>
            <td class={item.amountFen > 0 ? 'end amount-in' : 'end'} data-label={t('transaction-amount')}>
              {signed(item.amountFen)}
            </td>
            <td class="end" data-label={t('transaction-balance')}>
              {(item.balanceAfterFen / 100).toFixed(2)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
