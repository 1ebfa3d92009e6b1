import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { api, outcome } from '../api/client'
import { usePoll } from '../api/use-poll'
import { useQuery } from '../api/use-query'
import { locale, t } from '../i18n'
import { ButtonLink } from '../ui/button'
import { FilterBar } from '../ui/filter-bar'
import { ListView } from '../ui/list-view'
import { type Filters, listUrl, readFilters, toRequest } from '../ui/listing'
import { Page } from '../ui/page'
import { PHOTOS, PhotoFilterFields, type PhotoFilterName, unpaidChip } from './filters'
import { PhotoTable } from './photo-table'
import { loadReference } from './reference'
import { hasPassed } from './verdict'
import { isFinal } from './watch'

const REFRESH_MS = 5_000

/** 相片查询: filters and the table of the account's photos. */
export default function PhotoList() {
  const { query, route } = useLocation()
  const filters = readFilters(PHOTOS, query)
  const filterKey = JSON.stringify(filters)
  const request = { params: { query: toRequest(PHOTOS, filters) }, cache: 'no-store' as const }
  const photos = useQuery(() => outcome(api.GET('/v1/photos', request)), [filterKey, locale.value])
  useEffect(() => void loadReference(), [locale.value])
  // An inspection or a payment on another device changes the actions of a row.
  const pending =
    photos.data?.items.some((photo) => !isFinal(photo.state) || (hasPassed(photo) && !photo.paid)) ?? false
  usePoll(pending, async () => photos.refetch(), REFRESH_MS)

  const go = (next: Filters<PhotoFilterName>) => route(listUrl(PHOTOS, next))
  const upload = (
    <ButtonLink href="/photos/new" variant="primary" icon="upload">
      {t('upload')}
    </ButtonLink>
  )
  return (
    <Page title={t('photos')} lead={t('photos-lead')}>
      <FilterBar key={filterKey} listing={PHOTOS} filters={filters} onChange={go} chips={[unpaidChip()]}>
        {(form) => <PhotoFilterFields form={form} />}
      </FilterBar>
      <ListView
        label={t('photos-list')}
        listing={PHOTOS}
        filters={filters}
        result={photos}
        go={go}
        empty={{ title: t('photos-none'), action: upload }}
      >
        {(items) => <PhotoTable photos={items} />}
      </ListView>
    </Page>
  )
}
