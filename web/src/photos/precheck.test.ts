import { describe, expect, test } from 'vitest'
import { lightAdvice, precheck, sizeAdvice } from './precheck'

const ID = { minBytes: 28_672, widthPx: 358, heightPx: 441 }
const LICENCE = { minBytes: 30_720, widthPx: 260, heightPx: 378 }

// Covers: IC-28, IC-30, IC-37
test('sizeAdvice compares with the minimum of the photo type, inclusive', () => {
  expect(sizeAdvice(28_672, 358, 441, ID)).toEqual([])
  expect(sizeAdvice(28_671, 358, 441, ID)).toEqual(['few-bytes'])
  expect(sizeAdvice(28_672, 357, 441, ID)).toEqual(['few-pixels'])
  expect(sizeAdvice(28_672, 358, 440, ID)).toEqual(['few-pixels'])
  expect(sizeAdvice(30_720, 260, 378, LICENCE)).toEqual([])
  expect(sizeAdvice(30_720, 259, 378, LICENCE)).toEqual(['few-pixels'])
})

// Covers: IC-26
test('precheck recognises JPEG by the first bytes, not by the name', async () => {
  expect((await precheck(new File([], 'a.jpg'), undefined)).obstacle).toBe('empty')
  expect((await precheck(new File(['\x89PNG'], 'a.jpg'), undefined)).obstacle).toBe('not-jpeg')
})

describe('lightAdvice', () => {
  const sample = (value: (x: number, y: number) => number) => {
    const luma = new Uint8ClampedArray(64 * 64)
    for (let i = 0; i < luma.length; i += 1) luma[i] = value(i % 64, i >> 6)
    return { luma, width: 64, height: 64 }
  }
  const checker = (low: number, high: number) => (x: number, y: number) => (((x >> 2) + (y >> 2)) % 2 ? low : high)

  test('an ordinary picture gets no advice', () => expect(lightAdvice(sample(checker(90, 180)))).toEqual([]))
  test('a dark picture is dark', () => expect(lightAdvice(sample(checker(10, 60)))).toEqual(['dark']))
  test('a bright picture is bright', () => expect(lightAdvice(sample(checker(240, 255)))).toEqual(['bright']))
  test('a picture without edges is blurred', () => expect(lightAdvice(sample((x) => 100 + x))).toEqual(['blurred']))
  test('a dark middle is dark despite a white border', () => {
    const framed = sample((x, y) => (x < 14 || x > 50 || y < 14 || y > 50 ? 255 : checker(10, 60)(x, y)))
    expect(lightAdvice(framed)).toEqual(['dark'])
  })
})
