import { expect, test } from 'vitest'
import { beijing, bytes, money, number, yuan } from './format'

// Covers: XX-14, IC-50
test('yuan and money convert fen exactly', () => {
  expect([yuan(150), yuan(0), yuan(100), yuan(55_884), yuan(105)]).toEqual(['1.5', '0', '1', '558.84', '1.05'])
  expect([money(55_884), money(150), money(4)]).toEqual(['¥558.84', '¥1.50', '¥0.04'])
})

// Covers: IC-49, XX-13
test('beijing formats an instant in Beijing time', () => {
  expect(beijing('2024-01-15T05:36:56Z')).toBe('2024-01-15 13:36:56')
  expect(beijing('2024-12-31T16:00:00Z')).toBe('2025-01-01 00:00:00')
})

test('bytes uses units of 1024', () => {
  expect([bytes(28_672), bytes(1_048_576), bytes(512)]).toEqual(['28 KB', '1.00 MB', '512 B'])
})

test('number shows no sign for a value that rounds to zero', () => {
  expect(number(-0.0001)).toBe('0')
  expect(number(-2.25)).toBe('-2.3')
})
