import { expect, test } from 'vitest'
import { hasActiveFilters, lastDays, listUrl, readFilters, toRequest } from './listing'

const PHOTOS = { path: '/photos', names: ['imageNo', 'state'] as const }

// Covers: IC-113
test('filters are the same after a round trip through the URL', () => {
  const filters = { ...readFilters(PHOTOS, {}), state: 'failed', from: '2024-01-01', limit: '20' }
  expect(listUrl(PHOTOS, filters)).toBe('/photos?state=failed&from=2024-01-01&limit=20')
  const query = new URLSearchParams(listUrl(PHOTOS, filters).split('?')[1])
  expect(readFilters(PHOTOS, Object.fromEntries(query))).toEqual(filters)
  expect(toRequest(PHOTOS, filters)).toEqual({ state: 'failed', from: '2024-01-01', limit: 20 })
  expect(listUrl(PHOTOS, readFilters(PHOTOS, {}))).toBe('/photos')
})

// Covers: IC-125
test('readFilters replaces a page size that is not offered', () => {
  expect(readFilters(PHOTOS, { limit: '5000' }).limit).toBe('10')
  expect(hasActiveFilters(PHOTOS, readFilters(PHOTOS, { limit: '50', cursor: 'x' }))).toBe(false)
})

// Covers: IC-113, XX-13
test('lastDays returns dates in Beijing time', () => {
  const lateEvening = new Date('2024-03-01T17:30:00Z')
  expect(lastDays(1, lateEvening)).toEqual({ from: '2024-03-02', to: '2024-03-02' })
  expect(lastDays(7, lateEvening)).toEqual({ from: '2024-02-25', to: '2024-03-02' })
})
