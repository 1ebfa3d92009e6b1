import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { useQuery } from '../api/use-query'
import { locale, maybe, t } from '../i18n'
import { beijing } from '../i18n/format'
import { Button } from '../ui/button'
import { FilterBar } from '../ui/filter-bar'
import { NumberField, OneOfField } from '../ui/filter-fields'
import { ListView } from '../ui/list-view'
import { listUrl, readFilters, toRequest } from '../ui/listing'
import { ProblemNotice } from '../ui/notice'
import { AccountLayout } from './account-layout'

const TRANSACTIONS = { path: '/me/transactions', names: ['orderNo', 'type'] as const }
const KINDS = ['recharge', 'spend', 'refund'] as const

/** 交易明细: the ledger entries of the wallet. */
export default function Transactions() {
  const { query, route } = useLocation()
  const filters = readFilters(TRANSACTIONS, query)
  const filterKey = JSON.stringify(filters)
  const request = { params: { query: toRequest(TRANSACTIONS, filters) }, cache: 'no-store' as const }
  const transactions = useQuery(() => outcome(api.GET('/v1/transactions', request)), [filterKey, locale.value])
  return (
    <AccountLayout title={t('me-transactions')}>
      <FilterBar
        key={filterKey}
        listing={TRANSACTIONS}
        filters={filters}
        onChange={(next) => route(listUrl(TRANSACTIONS, next))}
      >
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
        result={transactions}
        go={(next) => route(listUrl(TRANSACTIONS, next))}
        empty={{ title: t('transactions-none') }}
      >
        {(items) => <TransactionTable items={items} />}
      </ListView>
    </AccountLayout>
  )
}

/** Downloads the filtered entries as a CSV file. */
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
    if (!file.ok) {
      problem.value = file.problem
      return
    }
    const link = document.createElement('a')
    // Spreadsheet programs recognise UTF-8 by the byte order mark.
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

/** Fen as yuan with its sign: `+15.00`, `−1.50`. */
const signed = (fen: number): string => `${fen < 0 ? '−' : '+'}${(Math.abs(fen) / 100).toFixed(2)}`

function TransactionTable({ items }: { items: Schemas['Transaction'][] }) {
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
            <td class="keep" data-label={t('transaction-kind')}>
              {maybe(`transaction-${item.type}`) ?? item.typeText}
            </td>
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
