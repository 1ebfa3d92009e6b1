import type { ComponentChildren } from 'preact'
import type { QueryResult } from '../api/use-query'
import { t } from '../i18n'
import { Button, ButtonLink } from './button'
import { EmptyState, Loading } from './empty-state'
import type { Filters, Listing } from './listing'
import { hasActiveFilters } from './listing'
import { ProblemNotice } from './notice'

interface Props<N extends string, T> {
  label: string
  listing: Listing<N>
  filters: Filters<N>
  result: QueryResult<{ items: T[]; nextCursor?: string | null }>
  go: (filters: Filters<N>) => void
  /** Shown when the list is empty without any filter. */
  empty: { title: string; action?: ComponentChildren }
  children: (items: T[]) => ComponentChildren
}

/** One page of a list, or its state: loading, problem, empty, no match. */
export function ListView<N extends string, T>({ label, listing, filters, result, go, empty, children }: Props<N, T>) {
  const { data, problem, busy, refetch } = result
  const filtered = hasActiveFilters(listing, filters)
  return (
    <section class="card stack" aria-busy={busy} aria-label={label}>
      {problem ? (
        <ProblemNotice problem={problem} retry={refetch} />
      ) : !data ? (
        <Loading label={t('loading')} />
      ) : data.items.length === 0 ? (
        <EmptyState icon="image" title={filtered ? t('list-none-match') : empty.title}>
          {filtered ? <ButtonLink href={listing.path}>{t('filter-clear')}</ButtonLink> : empty.action}
        </EmptyState>
      ) : (
        <>
          {children(data.items)}
          <Paging filters={filters} next={data.nextCursor ?? undefined} go={go} />
        </>
      )}
    </section>
  )
}

interface PagingProps<N extends string> {
  filters: Filters<N>
  next: string | undefined
  go: (filters: Filters<N>) => void
}

/**
 * Next page by cursor. The API has no cursor for the previous page, so that button goes back in the browser's history.
 */
function Paging<N extends string>({ filters, next, go }: PagingProps<N>) {
  if (!next && !filters.cursor) return null
  return (
    <nav class="pager" aria-label={t('paging')}>
      <Button icon="left" disabled={!filters.cursor} onClick={() => window.history.back()}>
        {t('page-previous')}
      </Button>
      <Button disabled={!next} onClick={() => go({ ...filters, cursor: next ?? '' })}>
        {t('page-next')}
      </Button>
    </nav>
  )
}
