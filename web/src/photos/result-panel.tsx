import '../ui/list.css'
import type { RefObject } from 'preact'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { EmptyState } from '../ui/empty-state'
import { Icon } from '../ui/icon'
import { Notice } from '../ui/notice'
import { PhotoResult } from './photo-result'
import './result.css'
import { current, position, type Submission, submissions, uploadAndWatch } from './submission'

/** 检测结果: the photos sent during this visit, one at a time. */
export function ResultPanel({ heading }: { heading: RefObject<HTMLHeadingElement | null> }) {
  const submission = current.value
  return (
    <section class="card stack result-panel" aria-labelledby="result-title">
      <div class="result-head">
        <h2 id="result-title" ref={heading} tabIndex={-1}>
          {t('result')}
        </h2>
        {submission && <Pager />}
      </div>
      {submission ? <SubmissionView key={submission.imageNo} submission={submission} /> : <NoSubmission />}
    </section>
  )
}

function NoSubmission() {
  return (
    <EmptyState icon="image" title={t('result-empty')}>
      <p>{t('result-empty-hint')}</p>
    </EmptyState>
  )
}

function Pager() {
  const count = submissions.value.length
  const index = position.value
  return (
    <div class="pager" role="group" aria-label={t('pager')}>
      <Button icon="left" disabled={index === 0} onClick={() => (position.value = index - 1)}>
        {t('pager-previous')}
      </Button>
      <span class="figures" aria-live="polite">
        <span class="visually-hidden">{t('pager-place')}</span>
        {index + 1}/{count}
      </span>
      <Button disabled={index === count - 1} onClick={() => (position.value = index + 1)}>
        {t('pager-next')}
      </Button>
    </div>
  )
}

function SubmissionView({ submission }: { submission: Submission }) {
  const stage = submission.stage.value
  const photo = submission.photo.value
  if (stage === 'done' && photo) return <PhotoResult photo={photo} original={submission.preview} />
  return (
    <>
      <div class="waiting-photo" data-moving={stage === 'inspecting' ? '' : undefined}>
        <img src={submission.preview} alt={t('original-alt')} />
      </div>
      {stage === 'uploading' || stage === 'inspecting' ? (
        <Progress submission={submission} />
      ) : (
        <UploadFailed submission={submission} />
      )}
    </>
  )
}

function Progress({ submission }: { submission: Submission }) {
  const uploading = submission.stage.value === 'uploading'
  const share = Math.round(submission.progress.value * 100)
  const state = uploading ? t('stage-uploading') : (submission.photo.value?.stateText ?? t('stage-inspecting'))
  return (
    <div class="stack">
      <ol class="stages">
        <li aria-current={uploading ? 'step' : undefined}>
          {!uploading && <Icon name="check" size={16} />}
          {t('stage-upload')}
        </li>
        <li aria-current={uploading ? undefined : 'step'}>{t('stage-inspect')}</li>
        <li>{t('stage-result')}</li>
      </ol>
      {uploading ? (
        <progress max={100} value={share} aria-label={t('stage-uploading')} />
      ) : (
        <progress aria-label={t('stage-inspecting')} />
      )}
      <p class="progress-text" role="status">
        {state}
        {t('stage-number', { number: submission.imageNo })}
      </p>
      {uploading && (
        <div>
          <Button icon="cross" onClick={() => submission.abort()}>
            {t('abort')}
          </Button>
        </div>
      )}
    </div>
  )
}

function UploadFailed({ submission }: { submission: Submission }) {
  const stage = submission.stage.value
  const retryable = stage === 'unreachable' || stage === 'aborted'
  return (
    <Notice tone={stage === 'aborted' ? 'info' : 'fail'} title={t(`stopped-${stage}`)} live>
      <p>{t(retryable ? 'stopped-again' : 'stopped-anew')}</p>
      {retryable && (
        <p>
          <Button icon="refresh" onClick={() => void uploadAndWatch(submission)}>
            {t('upload-again')}
          </Button>
        </p>
      )}
    </Notice>
  )
}
