import { useRoute } from 'preact-iso'
import { api, outcome, type Schemas } from '../api/client'
import { useQuery } from '../api/use-query'
import { locale, maybe, t } from '../i18n'
import { beijing } from '../i18n/format'
import { Descriptions } from '../ui/descriptions'
import { Loading } from '../ui/empty-state'
import { Notice, ProblemNotice, type Tone } from '../ui/notice'
import { Page } from '../ui/page'

const TONES: Record<string, Tone> = { valid: 'pass', expired: 'warn' }

/** 回执核验: the page behind the left QR code of a receipt. It needs no account and shows no personal data. */
export default function Verify() {
  const token = useRoute().params.token ?? ''
  const query = () =>
    outcome(api.GET('/v1/public/receipts/{token}', { params: { path: { token } }, cache: 'no-store' }))
  const { data, problem, refetch } = useQuery(query, [token, locale.value])
  return (
    <Page title={t('verify')} lead={t('verify-lead')} narrow>
      {problem ? (
        <ProblemNotice problem={problem} retry={refetch} />
      ) : data ? (
        <Checked check={data} />
      ) : (
        <Loading label={t('loading')} />
      )}
    </Page>
  )
}

function Checked({ check }: { check: Schemas['ReceiptCheck'] }) {
  return (
    <section class="card stack">
      <Notice tone={TONES[check.state] ?? 'fail'} title={check.stateText} live>
        {maybe(`verify-${check.state}`)}
      </Notice>
      <Descriptions
        rows={[
          [t('image-no'), check.imageNo],
          [t('verify-until'), check.validUntil && beijing(check.validUntil)],
        ]}
      />
    </section>
  )
}
