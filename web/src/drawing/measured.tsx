import { LINE_KEYS, measuredLines, type LineKey } from '../photos/lines'
import { PhotoOverlay } from '../photos/overlay'
import { PORTRAIT as P, Portrait } from './portrait'

const point = (x: number, y: number): [number, number] => [x / P.width, y / P.height]

/** What an inspection would measure on the drawn portrait. */
export const PORTRAIT_OVERLAY = {
  face: [70 / P.width, 66 / P.height, 218 / P.width, 250 / P.height] as [number, number, number, number],
  leftEye: point(P.leftEye, P.eyes),
  rightEye: point(P.rightEye, P.eyes),
  crown: point(P.width / 2, P.crown),
  chin: point(P.width / 2, P.chin),
  leftCheek: point(P.leftCheek, 205),
  rightCheek: point(P.rightCheek, 205),
}

const ALL = new Set<LineKey>(LINE_KEYS)
ALL.delete('face')

export function MeasuredPortrait() {
  return (
    <PhotoOverlay
      width={P.width}
      height={P.height}
      lines={measuredLines(PORTRAIT_OVERLAY, P.width, P.height)}
      shown={ALL}
      failing={new Set()}
    >
      <svg viewBox={`0 0 ${P.width} ${P.height}`} aria-hidden="true" focusable="false">
        <Portrait />
      </svg>
    </PhotoOverlay>
  )
}
