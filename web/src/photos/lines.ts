/** Turns the measured points of a report (shares of width and height) into lines in pixels of the uploaded photo. */
import type { Schemas } from '../api/client'

export type Overlay = Schemas['Overlay']
export type Report = Schemas['Report']
type Point = readonly [number, number]

export const LINE_KEYS = ['face', 'eyes', 'crown', 'chin', 'cheeks', 'centre', 'crop'] as const
export type LineKey = (typeof LINE_KEYS)[number]

export interface Line {
  key: LineKey
  /** Open polylines in pixels of the uploaded photo. */
  paths: Point[][]
  /** Measured points that are drawn as rings. */
  marks: Point[]
  /** Position of the line's name. */
  label: Point
  /** The measured value in `unit`: pixels of the uploaded photo, or degrees. */
  value: number
  unit: 'px' | 'deg'
}

const mid = (a: Point, b: Point): Point => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
const distance = (a: Point, b: Point): number => Math.hypot(b[0] - a[0], b[1] - a[1])
const along = (from: Point, direction: Point, length: number): Point => [
  from[0] + direction[0] * length,
  from[1] + direction[1] * length,
]

/** Head roll in degrees: positive when the line through the eyes falls to the right. */
export function rollDegrees(left: Point, right: Point): number {
  return (Math.atan2(right[1] - left[1], right[0] - left[0]) * 180) / Math.PI
}

/** All lines of a report whose photo is `width` x `height` pixels. */
export function measuredLines(overlay: Overlay, width: number, height: number): Line[] {
  const px = ([x, y]: readonly number[]): Point => [x! * width, y! * height]
  const [x = 0, y = 0, w = 0, h = 0] = overlay.face
  const corners = [
    [x, y],
    [x + w, y],
    [x + w, y + h],
    [x, y + h],
    [x, y],
  ].map(px)
  const [a, b] = [px(overlay.leftEye), px(overlay.rightEye)].sort((p, q) => p[0] - q[0]) as [Point, Point]
  const [l, r] = [px(overlay.leftCheek), px(overlay.rightCheek)].sort((p, q) => p[0] - q[0]) as [Point, Point]
  const crown = px(overlay.crown)
  const chin = px(overlay.chin)
  const between = distance(a, b) || 1
  const level: Point = [(b[0] - a[0]) / between, (b[1] - a[1]) / between]
  const upright: Point = [-level[1], level[0]]
  const half = distance(l, r) / 2
  const cap = half * 0.09
  const across = (at: Point, reach: number): Point[] => [along(at, level, -reach), along(at, level, reach)]
  const eyeLine = across(mid(a, b), half * 1.35)

  const lines: Line[] = [
    { key: 'face', paths: [corners], marks: [], label: px([x, y]), value: w * width, unit: 'px' },
    { key: 'eyes', paths: [eyeLine], marks: [a, b], label: eyeLine[1]!, value: rollDegrees(a, b), unit: 'deg' },
    ...ends('crown', crown, across(crown, half * 0.8), distance(crown, chin)),
    ...ends('chin', chin, across(chin, half * 0.8), distance(mid(a, b), chin)),
    {
      key: 'cheeks',
      paths: [[l, r], ...[l, r].map((end) => [along(end, upright, -cap), along(end, upright, cap)])],
      marks: [],
      label: l,
      value: distance(l, r),
      unit: 'px',
    },
  ]
  return [...lines, ...frame(overlay, px, mid(a, b), width, height)]
}

function ends(key: 'crown' | 'chin', at: Point, path: Point[], value: number): Line[] {
  return [{ key, paths: [path], marks: [at], label: path[1]!, value, unit: 'px' }]
}

/**
 * The vertical centre line and the crop. Without a crop the centre is that of the whole photo. The value of the centre
 * line is the horizontal distance of the eyes' midpoint from it.
 */
function frame(
  overlay: Overlay,
  px: (p: readonly number[]) => Point,
  eyes: Point,
  width: number,
  height: number,
): Line[] {
  const crop = overlay.crop?.map((corner) => px(corner))
  const [top, bottom]: [Point, Point] = crop
    ? [mid(crop[0]!, crop[1]!), mid(crop[3]!, crop[2]!)]
    : [
        [width / 2, 0],
        [width / 2, height],
      ]
  const tall = distance(top, bottom) || 1
  const normal: Point = [(bottom[1] - top[1]) / tall, -(bottom[0] - top[0]) / tall]
  const offset = (eyes[0] - top[0]) * normal[0] + (eyes[1] - top[1]) * normal[1]
  const centre: Line = { key: 'centre', paths: [[top, bottom]], marks: [], label: bottom, value: offset, unit: 'px' }
  if (!crop) return [centre]
  const value = distance(crop[0]!, crop[1]!)
  return [centre, { key: 'crop', paths: [[...crop, crop[0]!]], marks: [], label: crop[2]!, value, unit: 'px' }]
}

/** The line that shows the measurement of a check, by the prefix of its code. */
const LINE_BY_PREFIX: [prefix: string, LineKey][] = [
  ['framing.face-width', 'cheeks'],
  ['framing.size', 'cheeks'],
  ['framing.crown', 'crown'],
  ['framing.eye', 'eyes'],
  ['framing.head', 'chin'],
  ['framing.cent', 'centre'],
  ['framing.crop', 'crop'],
  ['framing.margin', 'crop'],
  ['pose.roll', 'eyes'],
  ['pose.yaw', 'centre'],
  ['face.', 'face'],
]

/** The line of a check; `undefined` for checks that measure no position. */
export function lineOf(check: string): LineKey | undefined {
  return LINE_BY_PREFIX.find(([prefix]) => check.startsWith(prefix))?.[1]
}

/** The lines of the checks that failed the photo. */
export function failingLines(report: Report): Set<LineKey> {
  const failing = report.findings.filter((finding) => finding.verdict === 'fail' && finding.policy === 'blocking')
  return new Set(failing.map((finding) => lineOf(finding.check)).filter((key) => key !== undefined))
}
