import { expect, test } from 'vitest'
import { parseYuan, rechargeable } from './amount'

// Covers: XX-14
test('parseYuan returns whole fen and rejects text that is not an amount in yuan', () => {
  expect(['1.5', '0.07', '600', '¥12.34', ' 3 ', '19.99'].map(parseYuan)).toEqual([150, 7, 60_000, 1_234, 300, 1_999])
  expect(['', '1.234', '-1', '1,5', 'ten', '1e3', '.5'].map(parseYuan)).toEqual(Array(7).fill(undefined))
})

// Covers: IC-166
test('rechargeable accepts 1.5 to 600 yuan inclusive', () => {
  expect(['1.49', '1.5', '600', '600.01'].map((text) => rechargeable(parseYuan(text)))).toEqual([
    false,
    true,
    true,
    false,
  ])
})
