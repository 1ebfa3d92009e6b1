import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { money } from '../i18n/format'
import { ButtonLink } from '../ui/button'
import { QrCode } from '../ui/qr-code'
import './pay.css'

interface Props {
  code: Schemas['PayCode']
  provider: string
  amountFen: number
}

/** A QR code to scan, or a link to the payment provider's page. */
export function PayCodeView({ code, provider, amountFen }: Props) {
  const name = t(`payment-${provider}`)
  if (code.kind === 'page') {
    return (
      <ButtonLink href={code.url} variant="primary">
        {t('pay-at', { provider: name, amount: money(amountFen) })}
      </ButtonLink>
    )
  }
  return (
    <div class="pay-code">
      <QrCode text={code.text} label={t('pay-qr', { provider: name })} />
      <p class="pay-amount figures">{money(amountFen)}</p>
      <p>{t('pay-scan', { provider: name })}</p>
      <p class="small muted" role="status">
        <span class="spinner" aria-hidden="true" /> {t('pay-waiting')}
      </p>
    </div>
  )
}
