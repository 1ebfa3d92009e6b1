/** Where the drawn portrait stands on a test photo, so that picture and report agree to the pixel. */
import { PORTRAIT as P } from '../../src/drawing/portrait'
import type { Schemas } from '../../src/api/client'

export interface Scene {
  width: number
  height: number
  /** Pixels of the photo per pixel of the drawing. */
  scale: number
  /** Clockwise, around the middle of the photo. */
  degrees: number
}

export const STRAIGHT: Scene = { width: 720, height: 960, scale: 1.72, degrees: 0 }
export const TILTED: Scene = { ...STRAIGHT, degrees: 13 }

type Point = [number, number]

/** A point of the drawing as shares of the photo. */
function placed({ width, height, scale, degrees }: Scene, x: number, y: number): Point {
  const angle = (degrees * Math.PI) / 180
  const [dx, dy] = [(x - P.width / 2) * scale, (y - P.height / 2) * scale]
  return [
    (width / 2 + dx * Math.cos(angle) - dy * Math.sin(angle)) / width,
    (height / 2 + dx * Math.sin(angle) + dy * Math.cos(angle)) / height,
  ]
}

export function overlay(scene: Scene): Schemas['Overlay'] {
  const at = (x: number, y: number) => placed(scene, x, y)
  const box = [at(66, 60), at(292, 60), at(292, 320), at(66, 320)]
  const [left, top] = [Math.min(...box.map(([x]) => x)), Math.min(...box.map(([, y]) => y))]
  const [right, bottom] = [Math.max(...box.map(([x]) => x)), Math.max(...box.map(([, y]) => y))]
  return {
    face: [left, top, right - left, bottom - top],
    leftEye: at(P.leftEye, P.eyes),
    rightEye: at(P.rightEye, P.eyes),
    crown: at(P.width / 2, P.crown),
    chin: at(P.width / 2, P.chin),
    leftCheek: at(P.leftCheek, 205),
    rightCheek: at(P.rightCheek, 205),
    crop: [at(0, 0), at(P.width, 0), at(P.width, P.height), at(0, P.height)],
  }
}

/** The photo as an SVG document. The bust is drawn past the portrait's lower edge, to the edge of the photo. */
export function drawing(scene: Scene, portrait: string): string {
  const { width, height, scale, degrees } = scene
  const turn = `translate(${width / 2} ${height / 2}) rotate(${degrees}) scale(${scale}) translate(${-P.width / 2} ${-P.height / 2})`
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="100%" height="100%" fill="#fff"/><g transform="${turn}">${portrait}` +
    `<rect x="0" y="440" width="358" height="200" fill="#2b3c57"/></g></svg>`
  )
}
