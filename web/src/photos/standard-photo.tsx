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

/** The standard photo beside the original, and its download. */
export function StandardPhoto({ photo, original }: Props) {
  const url = useSignal<string | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const made = photo.report?.standardPhoto

  async function fetchLink() {
    problem.value = undefined
    const link = await askLink(photo.imageNo)
    if (link.ok) url.value = link.data.url
    else problem.value = link.problem
  }
  useEffect(() => void fetchLink(), [photo.imageNo])
  const download = async () => (problem.value = await save(photo.imageNo))

  return (
    <section class="stack standard">
      <h3>{t('standard-photo')}</h3>
      {problem.value && <ProblemNotice problem={problem.value} retry={() => void fetchLink()} />}
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
              <img src={url.value} alt={t('standard-alt')} width={made?.widthPx} height={made?.heightPx} />
              <figcaption>
                {t('standard-photo')}
                {made && (
                  <span class="figures muted">
                    {t('standard-facts', { width: made.widthPx, height: made.heightPx, dpi: made.dpi, size: bytes(made.bytes) })}
                  </span>
                )}
              </figcaption>
            </figure>
          </div>
          {made && made.edits.length > 0 && (
            <p class="field-hint">
              {t('standard-edits', { edits: made.edits.map((edit) => t(`edit-${edit}`)).join(t('list-comma')) })}
            </p>
          )}
          <div class="actions">
            <Button look="primary" icon="download" onClick={() => void download()}>
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

const askLink = (imageNo: string) =>
  outcome(api.GET('/v1/photos/{imageNo}/standard-photo', { params: { path: { imageNo } }, cache: 'no-store' }))

/** Saves the standard photo. Links live for minutes, so each download asks for its own; the store names the file. */
export async function save(imageNo: string): Promise<Problem | undefined> {
  const link = await askLink(imageNo)
  if (!link.ok) return link.problem
  const anchor = document.createElement('a')
  anchor.href = link.data.url
  anchor.click()
  return undefined
}
