/** Manual 000, section 5.4: 1.5 to 600 yuan. The service checks it too; the page only saves a request. */
export const RECHARGE_MIN_FEN = 150
export const RECHARGE_MAX_FEN = 60_000

/** `12.5` -> 1250 fen; `undefined` for anything that is not an amount in yuan with at most two decimals. */
export function parseYuan(text: string): number | undefined {
  const match = /^(\d{1,7})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/^[¥￥]\s*/, ''))
  if (!match) return undefined
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'))
}

/** Whether the amount is within the limits of one recharge. */
export const rechargeable = (fen: number | undefined): fen is number =>
  fen !== undefined && fen >= RECHARGE_MIN_FEN && fen <= RECHARGE_MAX_FEN
