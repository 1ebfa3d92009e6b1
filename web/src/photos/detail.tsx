import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useRoute } from 'preact-iso'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { ButtonLink } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { PhotoResult } from './photo-result'
import { originalOf } from './submission'
import { stateName } from './verdict'
import { isFinal, type Photo, watchPhoto } from './watch'

/** One photo: its result, or its state while the inspection runs. */
export default function PhotoDetail() {
  const imageNo = useRoute().params.imageNo ?? ''
  const photo = useSignal<Photo | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)

  useEffect(() => {
    const controller = new AbortController()
    void (async () => {
      const found = await outcome(api.GET('/v1/photos/{imageNo}', { params: { path: { imageNo } }, cache: 'no-store' }))
      if (controller.signal.aborted) return
      if (!found.ok) {
        problem.value = found.problem
        return
      }
      photo.value = found.data
      if (!isFinal(found.data.state)) await watchPhoto(imageNo, (next) => (photo.value = next), controller.signal)
    })()
    return () => controller.abort()
  }, [imageNo])

  const found = photo.value
  return (
    <Page title={t('detail', { number: imageNo })}>
      <div>
        <ButtonLink href="/photos" icon="left">
          {t('photos')}
        </ButtonLink>
      </div>
      {problem.value ? (
        problem.value.status === 404 ? (
          <Notice tone="info" title={t('detail-missing')}>
            {t('detail-missing-hint')}
          </Notice>
        ) : (
          <ProblemNotice problem={problem.value} />
        )
      ) : !found ? (
        <Loading label={t('loading')} />
      ) : isFinal(found.state) ? (
        <div class="card detail">
          <PhotoResult photo={found} original={originalOf(imageNo)} />
        </div>
      ) : (
        <Loading label={stateName(found)} />
      )}
    </Page>
  )
}
