import { describe, expect, test } from 'vitest'
import { lightAdvice, look, sizeAdvice } from './precheck'

const ID = { minBytes: 28_672, widthPx: 358, heightPx: 441 }
const LICENCE = { minBytes: 30_720, widthPx: 260, heightPx: 378 }

// Covers: IC-28, IC-30, IC-37
test('width, height and bytes count from the card’s own figures, inclusive', () => {
  expect(sizeAdvice(28_672, 358, 441, ID)).toEqual([])
  expect(sizeAdvice(28_671, 358, 441, ID)).toEqual(['few-bytes'])
  expect(sizeAdvice(28_672, 357, 441, ID)).toEqual(['few-pixels'])
  expect(sizeAdvice(28_672, 358, 440, ID)).toEqual(['few-pixels'])
  expect(sizeAdvice(30_720, 260, 378, LICENCE)).toEqual([])
  expect(sizeAdvice(30_720, 259, 378, LICENCE)).toEqual(['few-pixels'])
})

// Covers: IC-26
test('a file is a JPEG by its first bytes, not by its name', async () => {
  expect((await look(new File([], 'a.jpg'), undefined)).obstacle).toBe('empty')
  expect((await look(new File(['\x89PNG'], 'a.jpg'), undefined)).obstacle).toBe('not-jpeg')
})

describe('the light on the middle of the picture', () => {
  const sample = (value: (x: number, y: number) => number) => {
    const luma = new Uint8ClampedArray(64 * 64)
    for (let i = 0; i < luma.length; i += 1) luma[i] = value(i % 64, i >> 6)
    return { luma, width: 64, height: 64 }
  }
  const checker = (low: number, high: number) => (x: number, y: number) => ((x >> 2) + (y >> 2)) % 2 ? low : high

  test('an ordinary picture draws no advice', () => expect(lightAdvice(sample(checker(90, 180)))).toEqual([]))
  test('dark', () => expect(lightAdvice(sample(checker(10, 60)))).toEqual(['dark']))
  test('bright', () => expect(lightAdvice(sample(checker(240, 255)))).toEqual(['bright']))
  test('without edges', () => expect(lightAdvice(sample((x) => 100 + x))).toEqual(['blurred']))
  test('a white border around a dark middle is still dark', () => {
    const framed = sample((x, y) => (x < 14 || x > 50 || y < 14 || y > 50 ? 255 : checker(10, 60)(x, y)))
    expect(lightAdvice(framed)).toEqual(['dark'])
  })
})
