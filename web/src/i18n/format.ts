import { locale } from './index'

/** 150 -> `1.5`: trailing zeros are dropped, as on the inspection result. */
export function yuan(fen: number): string {
  return (fen / 100).toFixed(2).replace(/\.?0+$/, '')
}

/** 55884 -> `¥558.84`, always two decimals. */
export function money(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`
}

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** `2024-01-15 13:36:56`, Beijing time whatever the reader's zone is. */
export function beijing(instant: string): string {
  return clock.format(new Date(instant))
}

export function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  if (count < 1024 * 1024) return `${Math.round(count / 1024)} KB`
  return `${(count / 1024 / 1024).toFixed(2)} MB`
}

export function number(value: number, digits = 1): string {
  // `signDisplay` keeps what rounds to nothing from showing as -0.
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits, signDisplay: 'negative' }).format(value)
}
