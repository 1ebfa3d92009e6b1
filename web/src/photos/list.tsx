import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { locale, t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { EmptyState, Loading } from '../ui/empty-state'
import { ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { PhotoFilters } from './filters'
import { PhotoTable } from './photo-table'
import { address, isNarrowed, readFilters, toRequest, type Filters } from './filters-in-url'
import { loadReference } from './reference'
import './photos.css'

export default function PhotoList() {
  const { query, route } = useLocation()
  const filters = readFilters(query)
  const page = useSignal<Schemas['PhotoPage'] | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const busy = useSignal(false)
  const asked = JSON.stringify([filters, locale.value])

  async function load() {
    busy.value = true
    problem.value = undefined
    const found = await outcome(api.GET('/v1/photos', { params: { query: toRequest(filters) }, cache: 'no-store' }))
    busy.value = false
    if (found.ok) page.value = found.data
    else problem.value = found.problem
  }
  useEffect(() => void load(), [asked])
  useEffect(() => void loadReference(), [locale.value])

  const go = (next: Filters) => route(address(next))
  return (
    <Page title={t('photos')} lead={t('photos-lead')}>
      <PhotoFilters key={asked} filters={filters} onChange={go} />
      <section class="card stack" aria-busy={busy.value} aria-label={t('photos-list')}>
        {problem.value ? (
          <ProblemNotice problem={problem.value} retry={() => void load()} />
        ) : !page.value ? (
          <Loading label={t('loading')} />
        ) : page.value.items.length === 0 ? (
          <Nothing narrowed={isNarrowed(filters)} />
        ) : (
          <>
            <PhotoTable photos={page.value.items} />
            <Paging filters={filters} next={page.value.nextCursor} go={go} />
          </>
        )}
      </section>
    </Page>
  )
}

function Nothing({ narrowed }: { narrowed: boolean }) {
  return (
    <EmptyState icon="image" title={t(narrowed ? 'photos-none-match' : 'photos-none')}>
      {narrowed ? (
        <ButtonLink href="/photos">{t('filter-clear')}</ButtonLink>
      ) : (
        <ButtonLink href="/photos/new" look="primary" icon="upload">
          {t('upload')}
        </ButtonLink>
      )}
    </EmptyState>
  )
}

interface PagingProps {
  filters: Filters
  next: string | undefined
  go: (filters: Filters) => void
}

/** Forwards by cursor; backwards is the browser's own way back, or the first page. */
function Paging({ filters, next, go }: PagingProps) {
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
