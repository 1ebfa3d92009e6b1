import { useRoute } from 'preact-iso'
import { useSignal } from '@preact/signals'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { useAnswer } from '../api/use-answer'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { Paper } from './paper'
import { savePdf } from './save-pdf'
import './receipt.css'

/** 回执打印: the receipt of a passed and paid photo as it comes out of the printer, and as a PDF. */
export default function ReceiptPage() {
  const imageNo = useRoute().params.imageNo ?? ''
  const saving = useSignal(false)
  const refused = useSignal<Problem | undefined>(undefined)
  const ask = () => outcome(api.GET('/v1/photos/{imageNo}/receipt', { params: { path: { imageNo } }, cache: 'no-store' }))
  const { data, problem, again } = useAnswer(ask, [imageNo])

  async function save() {
    saving.value = true
    refused.value = await savePdf(imageNo)
    saving.value = false
  }
  const buttons = data && (
    <div class="actions">
      <Button look="primary" icon="print" onClick={() => window.print()}>
        {t('receipt-print')}
      </Button>
      <Button icon="download" busy={saving.value} onClick={() => void save()}>
        {t('receipt-save')}
      </Button>
    </div>
  )
  return (
    <div class="receipt-page">
      <Page title={t('receipt-title', { number: imageNo })} figure={buttons}>
        <div class="no-print">
          <ButtonLink href={`/photos/${imageNo}`} icon="left">
            {t('receipt-back')}
          </ButtonLink>
        </div>
        {refused.value && <ProblemNotice problem={refused.value} />}
        {data?.expired && (
          <div class="no-print">
            <Notice tone="warn" title={t('receipt-expired')}>
              {t('receipt-expired-hint')}
            </Notice>
          </div>
        )}
        {problem ? <Refused problem={problem} imageNo={imageNo} retry={again} /> : data ? <Paper receipt={data} /> : <Loading label={t('loading')} />}
      </Page>
    </div>
  )
}

/** What is in the way: the photo has not passed, is not paid for, or is not there. */
function Refused({ problem, imageNo, retry }: { problem: Problem; imageNo: string; retry: () => void }) {
  if (problem.status === 404) {
    return (
      <Notice tone="info" title={t('detail-missing')}>
        {t('detail-missing-hint')}
      </Notice>
    )
  }
  if (problem.code === 'photo-not-paid') {
    return (
      <Notice tone="info" title={t('receipt-unpaid')}>
        <p>{t('receipt-unpaid-hint')}</p>
        <p>
          <ButtonLink href={`/orders/new?photos=${imageNo}`} look="primary">
            {t('pay')}
          </ButtonLink>
        </p>
      </Notice>
    )
  }
  return problem.status === 403 ? <ProblemNotice problem={problem} /> : <ProblemNotice problem={problem} retry={retry} />
}
