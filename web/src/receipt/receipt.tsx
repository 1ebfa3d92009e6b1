import { useSignal } from '@preact/signals'
import { useRoute } from 'preact-iso'
import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'
import { useQuery } from '../api/use-query'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { Paper } from './paper'
import { savePdf } from './save-pdf'
import './receipt.css'

/** 回执打印: the receipt of a passed and paid photo, to print or to save as PDF. */
export default function ReceiptPage() {
  const imageNo = useRoute().params.imageNo ?? ''
  const saving = useSignal(false)
  const saveProblem = useSignal<Problem | undefined>(undefined)
  const query = () =>
    outcome(api.GET('/v1/photos/{imageNo}/receipt', { params: { path: { imageNo } }, cache: 'no-store' }))
  const { data, problem, refetch } = useQuery(query, [imageNo])

  async function save() {
    saving.value = true
    saveProblem.value = await savePdf(imageNo)
    saving.value = false
  }
  const buttons = data && (
    <div class="actions">
      <Button variant="primary" icon="print" onClick={() => window.print()}>
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
        {saveProblem.value && <ProblemNotice problem={saveProblem.value} />}
        {data?.expired && (
          <div class="no-print">
            <Notice tone="warn" title={t('receipt-expired')}>
              {t('receipt-expired-hint')}
            </Notice>
          </div>
        )}
        {problem ? (
          <NoReceipt problem={problem} imageNo={imageNo} retry={refetch} />
        ) : data ? (
          <Paper receipt={data} />
        ) : (
          <Loading label={t('loading')} />
        )}
      </Page>
    </div>
  )
}

/** Why there is no receipt: the photo is unknown, unpaid or has not passed. */
function NoReceipt({ problem, imageNo, retry }: { problem: Problem; imageNo: string; retry: () => void }) {
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
          <ButtonLink href={`/orders/new?photos=${imageNo}`} variant="primary">
            {t('pay')}
          </ButtonLink>
        </p>
      </Notice>
    )
  }
  return problem.status === 403 ? (
    <ProblemNotice problem={problem} />
  ) : (
    <ProblemNotice problem={problem} retry={retry} />
  )
}
