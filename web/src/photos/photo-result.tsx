import { t } from '../i18n'
import { beijing, yuan } from '../i18n/format'
import { ButtonLink } from '../ui/button'
import { Descriptions } from '../ui/descriptions'
import { Notice } from '../ui/notice'
import { Checks } from './checks'
import { MeasuredPhoto } from './measured-photo'
import { Reasons } from './reasons'
import { StandardPhoto } from './standard-photo'
import { hasPassed, resultText, stateName, Verdict } from './verdict'
import type { Photo } from './watch'
import './result.css'

interface Props {
  photo: Photo
  /** Object URL of the original, if it was sent during this visit. */
  original: string | undefined
}

/** A finished inspection: verdict, reasons, measurements, standard photo and all checks. */
export function PhotoResult({ photo, original }: Props) {
  const advice = photo.reasons.filter((reason) => reason.severity === 'advisory')
  const blocking = photo.reasons.filter((reason) => reason.severity === 'blocking')
  return (
    <div class="result stack">
      <Verdict photo={photo} />
      {blocking.length > 0 && <Reasons title={t('reasons')} reasons={blocking} numbered />}
      {photo.report?.overlay && photo.report.picture && <MeasuredPhoto report={photo.report} original={original} />}
      {!photo.report?.overlay && original && <img class="original" src={original} alt={t('original-alt')} />}
      {photo.paid && <StandardPhoto photo={photo} original={original} />}
      {hasPassed(photo) && !photo.paid && <Unpaid photo={photo} />}
      {advice.length > 0 && <Reasons title={t('advice')} hint={t('advice-hint')} reasons={advice} />}
      <Facts photo={photo} />
      {photo.report && <Checks findings={photo.report.findings} />}
    </div>
  )
}

/** 支付: a passed photo has no standard photo before it is paid. */
function Unpaid({ photo }: { photo: Photo }) {
  return (
    <Notice tone="info" title={t('unpaid')}>
      <p>{t('unpaid-hint', { yuan: yuan(photo.feeFen) })}</p>
      <p>
        <ButtonLink href={`/orders/new?photos=${photo.imageNo}`} variant="primary">
          {t('pay')}
        </ButtonLink>
      </p>
    </Notice>
  )
}

function Facts({ photo }: { photo: Photo }) {
  const seconds = photo.durationMs === undefined ? undefined : Math.max(1, Math.round(photo.durationMs / 1000))
  return (
    <Descriptions
      rows={[
        [t('image-no'), photo.imageNo],
        [t('state'), stateName(photo)],
        [t('result-text'), resultText(photo)],
        [t('uploaded-at'), photo.uploadedAt && beijing(photo.uploadedAt)],
        [t('fee'), t('fee-value', { yuan: yuan(photo.feeFen) })],
        [t('duration'), seconds === undefined ? undefined : t('duration-value', { seconds })],
        [t('card'), photo.cardName],
        [t('file-name'), photo.fileName],
      ]}
    />
  )
}
