import { locale } from './index'

/** Fen as yuan without trailing zeros: 150 -> `1.5`. */
export function yuan(fen: number): string {
  return (fen / 100).toFixed(2).replace(/\.?0+$/, '')
}

/** Fen as yuan with sign and two decimals: 55884 -> `¥558.84`. */
export function money(fen: number): string {
  return `¥${(fen / 100).toFixed(2)}`
}

const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

/** An ISO instant in Beijing time: `2024-01-15 13:36:56`. */
export function beijing(instant: string): string {
  return clock.format(new Date(instant))
}

/** A file size in units of 1024: `28 KB`. */
export function bytes(count: number): string {
  if (count < 1024) return `${count} B`
  if (count < 1024 * 1024) return `${Math.round(count / 1024)} KB`
  return `${(count / 1024 / 1024).toFixed(2)} MB`
}

/** A number in the current language, with at most `digits` decimals. */
export function number(value: number, digits = 1): string {
  // Without `signDisplay`, small negative values would be shown as -0.
  return new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits, signDisplay: 'negative' }).format(value)
}
