import { expect, test } from 'vitest'
import { address, isNarrowed, lastDays, readFilters, toRequest } from './filters-in-url'

test('IC-113 filters survive the way through the address', () => {
  const filters = { ...readFilters({}), state: 'failed', from: '2024-01-01', limit: '20' }
  expect(address(filters)).toBe('/photos?state=failed&from=2024-01-01&limit=20')
  expect(readFilters(Object.fromEntries(new URLSearchParams(address(filters).split('?')[1])))).toEqual(filters)
  expect(toRequest(filters)).toEqual({ state: 'failed', from: '2024-01-01', limit: 20 })
  expect(address(readFilters({}))).toBe('/photos')
})

test('IC-125 only the offered page sizes count', () => {
  expect(readFilters({ limit: '5000' }).limit).toBe('10')
  expect(isNarrowed(readFilters({ limit: '50', cursor: 'x' }))).toBe(false)
})

test('IC-113 XX-13 the quick ranges are days in Beijing', () => {
  const lateEvening = new Date('2024-03-01T17:30:00Z')
  expect(lastDays(1, lateEvening)).toEqual({ from: '2024-03-02', to: '2024-03-02' })
  expect(lastDays(7, lateEvening)).toEqual({ from: '2024-02-25', to: '2024-03-02' })
})
