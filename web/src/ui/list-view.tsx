import type { ComponentChildren } from 'preact'
import type { Answer } from '../api/use-answer'
import { t } from '../i18n'
import { Button, ButtonLink } from './button'
import { EmptyState, Loading } from './empty-state'
import type { Filters, Listing } from './listing'
import { isNarrowed } from './listing'
import { ProblemNotice } from './notice'

interface Props<N extends string, T> {
  label: string
  listing: Listing<N>
  filters: Filters<N>
  answer: Answer<{ items: T[]; nextCursor?: string | null }>
  go: (filters: Filters<N>) => void
  /** Shown when there is nothing at all yet. */
  empty: { title: string; action?: ComponentChildren }
  children: (items: T[]) => ComponentChildren
}

/** A page of a list in each of its states: asking, refused, empty, nothing that matches, filled. */
export function ListView<N extends string, T>({ label, listing, filters, answer, go, empty, children }: Props<N, T>) {
  const { data, problem, busy, again } = answer
  const narrowed = isNarrowed(listing, filters)
  return (
    <section class="card stack" aria-busy={busy} aria-label={label}>
      {problem ? (
        <ProblemNotice problem={problem} retry={again} />
      ) : !data ? (
        <Loading label={t('loading')} />
      ) : data.items.length === 0 ? (
        <EmptyState icon="image" title={narrowed ? t('list-none-match') : empty.title}>
          {narrowed ? <ButtonLink href={listing.path}>{t('filter-clear')}</ButtonLink> : empty.action}
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

/** Forwards by cursor; backwards is the browser's own way back. */
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
