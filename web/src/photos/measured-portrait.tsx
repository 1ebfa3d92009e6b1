import { PORTRAIT as P, Portrait } from '../drawing/portrait'
import { LINE_KEYS, type LineKey, measuredLines } from './lines'
import { PhotoOverlay } from './overlay'

const point = (x: number, y: number): [number, number] => [x / P.width, y / P.height]

/** The overlay that an inspection of the drawn portrait would report. */
export const PORTRAIT_OVERLAY = {
  face: [70 / P.width, 66 / P.height, 218 / P.width, 250 / P.height] as [number, number, number, number],
  leftEye: point(P.leftEye, P.eyes),
  rightEye: point(P.rightEye, P.eyes),
  crown: point(P.width / 2, P.crown),
  chin: point(P.width / 2, P.chin),
  leftCheek: point(P.leftCheek, 205),
  rightCheek: point(P.rightCheek, 205),
}

const SHOWN = new Set<LineKey>(LINE_KEYS)
SHOWN.delete('face')

/** The drawn portrait with the lines that an inspection measures. */
export function MeasuredPortrait() {
  return (
    <PhotoOverlay
      width={P.width}
      height={P.height}
      lines={measuredLines(PORTRAIT_OVERLAY, P.width, P.height)}
      shown={SHOWN}
      failing={new Set()}
    >
      <svg viewBox={`0 0 ${P.width} ${P.height}`} aria-hidden="true" focusable="false">
        <Portrait />
      </svg>
    </PhotoOverlay>
  )
}
