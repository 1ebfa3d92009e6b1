import type { Schemas } from '../api/client'
import { maybe, t } from '../i18n'
import { bytes, number } from '../i18n/format'

/** A measured value with its unit, rounded for display. */
export function quantity(value: number, unit = ''): string {
  if (unit === 'bytes') return bytes(value)
  if (unit === 'share') return `${number(value * 100)}%`
  const digits = unit === 'px' || unit === 'count' ? 0 : unit === 'ratio' || unit === 'score' ? 2 : 1
  const named = maybe(`unit-${unit.replace(/\W/g, '').toLowerCase()}`, { value: number(value, digits) })
  return named ?? `${number(value, digits)} ${unit}`.trim()
}

/** A limit in words, such as `193 至 221 像素` or `不小于 207 像素`; `undefined` when it has neither bound. */
export function range(limit: Schemas['Limit'], unit?: string): string | undefined {
  const { min, max } = limit
  if (min !== undefined && max !== undefined) {
    if (min === max) return quantity(min, unit)
    if (-min === max) return t('limit-within', { max: quantity(max, unit) })
    return t('limit-between', { min: unit === 'bytes' ? bytes(min) : withoutUnit(min, unit), max: quantity(max, unit) })
  }
  if (min !== undefined) return t('limit-min', { min: quantity(min, unit) })
  if (max !== undefined) return t('limit-max', { max: quantity(max, unit) })
  return undefined
}

const withoutUnit = (value: number, unit?: string): string =>
  unit === 'share' ? number(value * 100) : number(value, 2)
