import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { bytes } from '../i18n/format'
import { Button, ButtonLink } from '../ui/button'
import { ProblemNotice } from '../ui/notice'
import type { Photo } from './watch'

interface Props {
  photo: Photo
  original: string | undefined
}

/** The standard photo beside the original, its download and its receipt. */
export function StandardPhoto({ photo, original }: Props) {
  const url = useSignal<string | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const facts = photo.report?.standardPhoto

  async function showPhoto() {
    problem.value = undefined
    const link = await fetchLink(photo.imageNo)
    if (link.ok) url.value = link.data.url
    else problem.value = link.problem
  }
  useEffect(() => void showPhoto(), [photo.imageNo])
  const download = async () => (problem.value = await downloadStandardPhoto(photo.imageNo))

  return (
    <section class="stack standard">
      <h3>{t('standard-photo')}</h3>
      {problem.value && <ProblemNotice problem={problem.value} retry={() => void showPhoto()} />}
      {url.value && (
        <>
          <div class="compare">
            {original && (
              <figure>
                <img src={original} alt={t('original-alt')} />
                <figcaption>{t('original')}</figcaption>
              </figure>
            )}
            <figure>
              <img src={url.value} alt={t('standard-alt')} width={facts?.widthPx} height={facts?.heightPx} />
              <figcaption>
                {t('standard-photo')}
                {facts && (
                  <span class="figures muted">
                    {t('standard-facts', {
                      width: facts.widthPx,
                      height: facts.heightPx,
                      dpi: facts.dpi,
                      size: bytes(facts.bytes),
                    })}
                  </span>
                )}
              </figcaption>
            </figure>
          </div>
          {facts && facts.edits.length > 0 && (
            <p class="field-hint">
              {t('standard-edits', { edits: facts.edits.map((edit) => t(`edit-${edit}`)).join(t('list-comma')) })}
            </p>
          )}
          <div class="actions">
            <Button variant="primary" icon="download" onClick={() => void download()}>
              {t('download')}
            </Button>
            <ButtonLink href={`/photos/${photo.imageNo}/receipt`} icon="print">
              {t('receipt')}
            </ButtonLink>
          </div>
        </>
      )}
    </section>
  )
}

const fetchLink = (imageNo: string) =>
  outcome(api.GET('/v1/photos/{imageNo}/standard-photo', { params: { path: { imageNo } }, cache: 'no-store' }))

/**
 * Downloads the standard photo. A link is valid for minutes, so each download fetches a new one; its response sets the
 * file name.
 */
export async function downloadStandardPhoto(imageNo: string): Promise<Problem | undefined> {
  const link = await fetchLink(imageNo)
  if (!link.ok) return link.problem
  const anchor = document.createElement('a')
  anchor.href = link.data.url
  anchor.click()
  return undefined
}
