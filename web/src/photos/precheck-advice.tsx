import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Notice } from '../ui/notice'
import type { PrecheckResult } from './precheck'

interface Props {
  result: PrecheckResult
  type: Schemas['PhotoType'] | undefined
  onShrink: () => void
}

/** The findings of the pre-check. They are advice; only the inspection decides. */
export function PrecheckAdvice({ result, type, onShrink }: Props) {
  if (result.obstacle === 'too-big') {
    return (
      <Notice tone="warn" title={t('photo-too-big')} live>
        <p>{t('shrink-hint')}</p>
        <p>
          <Button onClick={onShrink}>{t('shrink')}</Button>
        </p>
      </Notice>
    )
  }
  if (result.advice.length === 0) {
    return (
      <Notice tone="pass" live>
        {t('precheck-fine')}
      </Notice>
    )
  }
  const limits = {
    width: type?.widthPx ?? 0,
    height: type?.heightPx ?? 0,
    kb: Math.round((type?.minBytes ?? 0) / 1024),
  }
  return (
    <Notice tone="warn" title={t('precheck-title')} live>
      <ul class="plain-list">
        {result.advice.map((advice) => (
          <li key={advice}>{t(`precheck-${advice}`, limits)}</li>
        ))}
      </ul>
      <p class="small">{t('precheck-note')}</p>
    </Notice>
  )
}
