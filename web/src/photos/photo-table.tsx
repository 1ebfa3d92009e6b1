import { useSignal } from '@preact/signals'
import type { Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { beijing, yuan } from '../i18n/format'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { ProblemNotice } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'
import { downloadStandardPhoto } from './standard-photo'
import { hasPassed, resultText, stateName, stateTone } from './verdict'

type Photo = Schemas['Photo']

const COLUMNS = ['image-no', 'card', 'uploaded-at', 'state', 'result-text', 'fee', 'actions'] as const

/** Photos with their states and the actions that each state allows. */
export function PhotoTable({ photos }: { photos: Photo[] }) {
  const problem = useSignal<Problem | undefined>(undefined)

  const download = async (imageNo: string) => (problem.value = await downloadStandardPhoto(imageNo))

  return (
    <>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <div class="table-wrap">
        <table class="table table-cards">
          <caption>{t('photos-caption')}</caption>
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col">
                  {t(column)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {photos.map((photo) => (
              <tr key={photo.imageNo}>
                <th scope="row">
                  <a href={`/photos/${photo.imageNo}`}>{photo.imageNo}</a>
                </th>
                <td data-label={t('card')}>{photo.cardName}</td>
                <td data-label={t('uploaded-at')}>{photo.uploadedAt ? beijing(photo.uploadedAt) : '–'}</td>
                <td data-label={t('state')}>
                  <StatusTag tone={stateTone(photo.state)}>{stateName(photo)}</StatusTag>
                </td>
                <td data-label={t('result-text')}>{resultText(photo)}</td>
                <td data-label={t('fee')}>{t('fee-value', { yuan: yuan(photo.feeFen) })}</td>
                <td>
                  {hasPassed(photo) && !photo.paid && (
                    <a class="button button-quiet" href={`/orders/new?photos=${photo.imageNo}`}>
                      {t('pay')}
                      <span class="visually-hidden">{photo.imageNo}</span>
                    </a>
                  )}
                  {photo.paid && (
                    <a class="button button-quiet" href={`/photos/${photo.imageNo}/receipt`}>
                      <Icon name="print" />
                      {t('receipt-print-short')}
                      <span class="visually-hidden">{photo.imageNo}</span>
                    </a>
                  )}
                  {photo.paid && (
                    <Button variant="quiet" icon="download" onClick={() => void download(photo.imageNo)}>
                      {t('download-short')}
                      <span class="visually-hidden">{photo.imageNo}</span>
                    </Button>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
