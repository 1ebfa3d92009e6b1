import type { Schemas } from '../api/client'
import { maybe } from '../i18n'
import type { Tone } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'

const TONES: Record<string, Tone> = {
  applying: 'info',
  succeeded: 'pass',
  failed: 'fail',
  withdrawn: 'info',
  reversed: 'warn',
}

export function InvoiceState({ invoice }: { invoice: Schemas['Invoice'] }) {
  return (
    <StatusTag tone={TONES[invoice.state] ?? 'info'}>{maybe(`invoice-${invoice.state}`) ?? invoice.state}</StatusTag>
  )
}

export const INVOICE_STATES = Object.keys(TONES)
