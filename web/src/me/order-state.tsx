import type { Schemas } from '../api/client'
import { maybe } from '../i18n'
import type { Tone } from '../ui/notice'
import { StatusTag } from '../ui/status-tag'

const TONES: Record<string, Tone> = {
  'awaiting-payment': 'warn',
  paid: 'pass',
  refunding: 'info',
  refunded: 'info',
  closed: 'info',
}

export function OrderState({ order }: { order: Schemas['Order'] }) {
  return <StatusTag tone={TONES[order.state] ?? 'info'}>{maybe(`order-${order.state}`) ?? order.stateText}</StatusTag>
}

export const ORDER_STATES = Object.keys(TONES)
