import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Notice } from '../ui/notice'
import type { Look } from './precheck'

interface Props {
  look: Look
  type: Schemas['PhotoType'] | undefined
  onShrink: () => void
}

/** What the look at the file found. It advises; only the inspection decides. */
export function PrecheckAdvice({ look, type, onShrink }: Props) {
  if (look.obstacle === 'too-big') {
    return (
      <Notice tone="warn" title={t('photo-too-big')} live>
        <p>{t('shrink-hint')}</p>
        <p>
          <Button onClick={onShrink}>{t('shrink')}</Button>
        </p>
      </Notice>
    )
  }
  if (look.advice.length === 0) {
    return (
      <Notice tone="pass" live>
        {t('precheck-fine')}
      </Notice>
    )
  }
  const limits = { width: type?.widthPx ?? 0, height: type?.heightPx ?? 0, kb: Math.round((type?.minBytes ?? 0) / 1024) }
  return (
    <Notice tone="warn" title={t('precheck-title')} live>
      <ul class="plain-list">
        {look.advice.map((advice) => (
          <li key={advice}>{t(`precheck-${advice}`, limits)}</li>
        ))}
      </ul>
      <p class="small">{t('precheck-note')}</p>
    </Notice>
  )
}
