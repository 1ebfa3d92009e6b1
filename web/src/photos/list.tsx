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
import { PhotoFilterFields, PHOTOS, type PhotoFilterName } from './filters'
import { PhotoTable } from './photo-table'
import { loadReference } from './reference'

export default function PhotoList() {
  const { query, route } = useLocation()
  const filters = readFilters(PHOTOS, query)
  const asked = JSON.stringify(filters)
  const ask = () => outcome(api.GET('/v1/photos', { params: { query: toRequest(PHOTOS, filters) }, cache: 'no-store' }))
  const answer = useAnswer(ask, [asked, locale.value])
  useEffect(() => void loadReference(), [locale.value])

  const go = (next: Filters<PhotoFilterName>) => route(address(PHOTOS, next))
  const upload = (
    <ButtonLink href="/photos/new" look="primary" icon="upload">
      {t('upload')}
    </ButtonLink>
  )
  return (
    <Page title={t('photos')} lead={t('photos-lead')}>
      <FilterBar key={asked} listing={PHOTOS} filters={filters} onChange={go}>
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
