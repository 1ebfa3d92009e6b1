/** Photos of the drawn portrait, upright and tilted. The reports in `recorded/` were made from exactly these two. */
import { PORTRAIT as P } from '../../src/drawing/portrait'

export interface PhotoSpec {
  width: number
  height: number
  /** Pixels of the photo per pixel of the drawing. */
  scale: number
  /** Clockwise rotation around the centre of the photo. */
  degrees: number
}

export const STRAIGHT: PhotoSpec = { width: 720, height: 960, scale: 1.72, degrees: 0 }
export const TILTED: PhotoSpec = { ...STRAIGHT, degrees: 13 }

/** The photo as an SVG document. The shoulders continue below the portrait to the edge of the photo. */
export function photoSvg(spec: PhotoSpec, portrait: string): string {
  const { width, height, scale, degrees } = spec
  const transform = `translate(${width / 2} ${height / 2}) rotate(${degrees}) scale(${scale}) translate(${-P.width / 2} ${-P.height / 2})`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="100%" height="100%" fill="#fff"/><g transform="${transform}">${portrait}` +
    `<rect x="0" y="440" width="358" height="200" fill="#2b3c57"/></g></svg>`
  )
}
