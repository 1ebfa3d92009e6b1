import { beforeAll, expect, test } from 'vitest'
import { loadArea } from '../i18n'
import { quantity, range } from './measure'

beforeAll(() => loadArea('photos'))

// Covers: IC-57
test('quantity formats a value with its unit', () => {
  expect(quantity(207, 'px')).toBe('207 像素')
  expect(quantity(13.04, 'deg')).toBe('13°')
  expect(quantity(0.86, 'share')).toBe('86%')
  expect(quantity(28_672, 'bytes')).toBe('28 KB')
  expect(quantity(97.4, 'L*')).toBe('97.4 L*')
  expect(quantity(3, 'furlongs')).toBe('3 furlongs')
})

// Covers: IC-57
test('range describes a limit in words', () => {
  expect(range({ min: 193, max: 221 }, 'px')).toBe('193 至 221 像素')
  expect(range({ min: 207 }, 'px')).toBe('不小于 207 像素')
  expect(range({ max: 1_048_576 }, 'bytes')).toBe('不大于 1.00 MB')
  expect(range({ min: -8, max: 8 }, 'deg')).toBe('±8° 以内')
  expect(range({ min: 28_672, max: 1_048_576 }, 'bytes')).toBe('28 KB 至 1.00 MB')
  expect(range({}, 'px')).toBeUndefined()
})
