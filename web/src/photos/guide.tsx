import { useSignalEffect } from '@preact/signals'
import { t } from '../i18n'
import { MeasuredPortrait } from '../photos/measured-portrait'
import { ButtonLink } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Icon } from '../ui/icon'
import { ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { loadReference, reference, referenceProblem } from './reference'
import './guide.css'

const DO = ['background', 'light', 'pose', 'face', 'clothes', 'recent'] as const
const AVOID = ['filter', 'hat', 'glasses', 'shadow', 'recapture', 'crop'] as const
const GEOMETRY = ['crown', 'eyes', 'cheeks', 'centre', 'chin'] as const

/** 操作指引: geometry, sizes of the photo types, and advice for taking the photo. */
export default function PhotoGuide() {
  useSignalEffect(() => {
    void loadReference()
  })
  return (
    <Page title={t('guide')} lead={t('guide-lead')}>
      <section class="card guide-geometry" aria-labelledby="geometry-title">
        <div class="guide-figure">
          <MeasuredPortrait />
        </div>
        <div class="stack">
          <h2 id="geometry-title">{t('guide-geometry')}</h2>
          <p class="muted">{t('guide-geometry-text')}</p>
          <dl class="guide-rules">
            {GEOMETRY.map((rule) => (
              <div key={rule}>
                <dt>
                  <span class={`line-swatch line-${rule}`} />
                  {t(`line-${rule}`)}
                </dt>
                <dd>{t(`guide-${rule}`)}</dd>
              </div>
            ))}
          </dl>
          <p class="small muted">{t('guide-source')}</p>
        </div>
      </section>
      <section class="card stack" aria-labelledby="sizes-title">
        <h2 id="sizes-title">{t('guide-sizes')}</h2>
        <Sizes />
        <p class="small muted">{t('guide-sizes-note')}</p>
      </section>
      <div class="guide-advice">
        <Advice title={t('guide-do')} items={DO} icon="check" />
        <Advice title={t('guide-avoid')} items={AVOID} icon="cross" />
      </div>
      <div>
        <ButtonLink href="/photos/new" variant="primary" icon="upload">
          {t('upload')}
        </ButtonLink>
      </div>
    </Page>
  )
}

function Sizes() {
  if (referenceProblem.value) {
    return <ProblemNotice problem={referenceProblem.value} retry={() => void loadReference()} />
  }
  if (!reference.value) return <Loading label={t('loading')} />
  return (
    <table class="table table-cards">
      <thead>
        <tr>
          <th scope="col">{t('card')}</th>
          <th scope="col" class="end">
            {t('guide-width')}
          </th>
          <th scope="col" class="end">
            {t('guide-height')}
          </th>
          <th scope="col" class="end">
            {t('guide-bytes')}
          </th>
        </tr>
      </thead>
      <tbody>
        {reference.value.types.map((type) => (
          <tr key={type.code}>
            <th scope="row">{type.name}</th>
            <td class="end" data-label={t('guide-width')}>
              {type.widthPx}
            </td>
            <td class="end" data-label={t('guide-height')}>
              {type.heightPx}
            </td>
            <td class="end" data-label={t('guide-bytes')}>
              {Math.round(type.minBytes / 1024)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

interface AdviceProps {
  title: string
  items: readonly string[]
  icon: 'check' | 'cross'
}

function Advice({ title, items, icon }: AdviceProps) {
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <ul class={`advice-list advice-${icon}`}>
        {items.map((item) => (
          <li key={item}>
            <Icon name={icon} size={18} />
            <span>{t(`guide-${item}`)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
