import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { api, outcome } from '../api/client'
import { useAnswer } from '../api/use-answer'
import { locale, t } from '../i18n'
import { ButtonLink } from '../ui/button'
import { FilterBar } from '../ui/filter-bar'
import { ListView } from '../ui/list-view'
import { address, readFilters, toRequest, type Filters } from '../ui/listing'
import { Page } from '../ui/page'
import { usePoll } from '../pay/use-poll'
import { PhotoFilterFields, PHOTOS, unpaidChip, type PhotoFilterName } from './filters'
import { PhotoTable } from './photo-table'
import { loadReference } from './reference'
import { hasPassed } from './verdict'
import { isFinal } from './watch'

const NEWS_MS = 5_000

export default function PhotoList() {
  const { query, route } = useLocation()
  const filters = readFilters(PHOTOS, query)
  const asked = JSON.stringify(filters)
  const ask = () => outcome(api.GET('/v1/photos', { params: { query: toRequest(PHOTOS, filters) }, cache: 'no-store' }))
  const answer = useAnswer(ask, [asked, locale.value])
  useEffect(() => void loadReference(), [locale.value])
  // Paid for elsewhere, or inspected meanwhile: the row's buttons change by themselves.
  const waiting = answer.data?.items.some((photo) => !isFinal(photo.state) || (hasPassed(photo) && !photo.paid)) ?? false
  usePoll(waiting, async () => answer.again(), NEWS_MS)

  const go = (next: Filters<PhotoFilterName>) => route(address(PHOTOS, next))
  const upload = (
    <ButtonLink href="/photos/new" look="primary" icon="upload">
      {t('upload')}
    </ButtonLink>
  )
  return (
    <Page title={t('photos')} lead={t('photos-lead')}>
      <FilterBar key={asked} listing={PHOTOS} filters={filters} onChange={go} chips={[unpaidChip()]}>
        {(form) => <PhotoFilterFields form={form} />}
      </FilterBar>
      <ListView
        label={t('photos-list')}
        listing={PHOTOS}
        filters={filters}
        answer={answer}
        go={go}
        empty={{ title: t('photos-none'), action: upload }}
      >
        {(photos) => <PhotoTable photos={photos} />}
      </ListView>
    </Page>
  )
}
