import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { bytes } from '../i18n/format'
import { Button } from '../ui/button'
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
    const link = await outcome(
      api.GET('/v1/photos/{imageNo}/standard-photo', { params: { path: { imageNo: photo.imageNo } } }),
    )
    if (link.ok) url.value = link.data.url
    else problem.value = link.problem
  }
  useEffect(() => void fetchLink(), [photo.imageNo])

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
            <Button look="primary" icon="download" onClick={() => void download(url.value!, `${photo.imageNo}.jpg`)}>
              {t('download')}
            </Button>
          </div>
        </>
      )}
    </section>
  )
}

/** Saves under the image number; where the store lets no script read it, the browser opens the address instead. */
export async function download(url: string, name: string): Promise<void> {
  const blob = await fetch(url)
    .then((answer) => (answer.ok ? answer.blob() : undefined))
    .catch(() => undefined)
  const link = document.createElement('a')
  link.href = blob ? URL.createObjectURL(blob) : url
  link.download = name
  link.click()
  if (blob) setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
