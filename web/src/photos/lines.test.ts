import { expect, test } from 'vitest'
import { PORTRAIT as P } from '../drawing/portrait'
import { PORTRAIT_OVERLAY } from '../photos/measured-portrait'
import { failingLines, lineOf, measuredLines, type Report, rollDegrees } from './lines'

const lines = measuredLines(PORTRAIT_OVERLAY, P.width, P.height)
const line = (key: string) => lines.find((one) => one.key === key)!

// Covers: IC-57
test('measuredLines converts shares of the report to pixels of the photo', () => {
  expect(line('cheeks').value).toBeCloseTo(207)
  expect(line('crown').value).toBeCloseTo(294)
  expect(line('eyes').value).toBeCloseTo(0)
  expect(line('eyes').marks.flat().map(Math.round)).toEqual([133, 172, 226, 172])
})

test('centre line is the middle of the crop, and of the photo when there is no crop', () => {
  expect(line('centre').paths[0]).toEqual([
    [179, 0],
    [179, 441],
  ])
  const crop = [
    [0.25, 0],
    [0.75, 0],
    [0.75, 1],
    [0.25, 1],
  ]
  const cropped = measuredLines({ ...PORTRAIT_OVERLAY, crop }, 400, 500)
  expect(cropped.find((one) => one.key === 'centre')!.paths[0]).toEqual([
    [200, 0],
    [200, 500],
  ])
  expect(cropped.at(-1)).toMatchObject({ key: 'crop', value: 200 })
})

test('rollDegrees is positive when the line through the eyes falls to the right', () => {
  expect(rollDegrees([0, 0], [10, 10])).toBeCloseTo(45)
  expect(rollDegrees([0, 10], [10, 0])).toBeCloseTo(-45)
})

test('eyes given in mirrored order have the same roll', () => {
  const swapped = { ...PORTRAIT_OVERLAY, leftEye: PORTRAIT_OVERLAY.rightEye, rightEye: PORTRAIT_OVERLAY.leftEye }
  expect(measuredLines(swapped, P.width, P.height).find((one) => one.key === 'eyes')!.value).toBeCloseTo(0)
})

// Covers: IC-57
test('failingLines contains only lines of blocking failures', () => {
  const finding = (check: string, verdict: string, policy: string) =>
    ({ check, verdict, policy, group: 'pose', reason: 'default', source: '' }) as Report['findings'][number]
  const findings = [
    finding('pose.roll', 'fail', 'blocking'),
    finding('framing.face-width', 'unsure', 'blocking'),
    finding('framing.crown', 'fail', 'advisory'),
    finding('background.white', 'fail', 'blocking'),
  ]
  expect(failingLines({ engine: '1', card: 'resident-id', verdict: 'fail', findings })).toEqual(new Set(['eyes']))
  expect(lineOf('framing.head-length')).toBe('chin')
})
