/** Checks a chosen file in the browser before it is sent. Only obstacles prevent the upload; advice does not. */
import type { Schemas } from '../api/client'

/** Largest upload in bytes (1 MB), the same for all photo types. */
export const MAX_BYTES = 1_048_576

export type Obstacle = 'not-jpeg' | 'empty' | 'too-big' | 'unreadable'
export type Advice = 'few-bytes' | 'few-pixels' | 'dark' | 'bright' | 'blurred'

export interface PrecheckResult {
  obstacle?: Obstacle
  advice: Advice[]
  width?: number
  height?: number
}

export async function precheck(file: File, type: Schemas['PhotoType'] | undefined): Promise<PrecheckResult> {
  if (file.size === 0) return { obstacle: 'empty', advice: [] }
  if (!(await isJpeg(file))) return { obstacle: 'not-jpeg', advice: [] }
  const image = await createImageBitmap(file).catch(() => undefined)
  if (!image) return { obstacle: 'unreadable', advice: [] }
  const { width, height } = image
  const advice = type ? sizeAdvice(file.size, width, height, type) : []
  advice.push(...lightAdvice(sample(image)))
  image.close()
  return { ...(file.size > MAX_BYTES && { obstacle: 'too-big' as const }), advice, width, height }
}

async function isJpeg(file: File): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, 3).arrayBuffer())
  return start[0] === 0xff && start[1] === 0xd8 && start[2] === 0xff
}

export function sizeAdvice(
  bytes: number,
  width: number,
  height: number,
  type: Pick<Schemas['PhotoType'], 'minBytes' | 'widthPx' | 'heightPx'>,
): Advice[] {
  const advice: Advice[] = []
  if (bytes < type.minBytes) advice.push('few-bytes')
  if (width < type.widthPx || height < type.heightPx) advice.push('few-pixels')
  return advice
}

/** Luma values (0 to 255) of the downscaled photo, row by row. */
export interface Sample {
  luma: Uint8ClampedArray
  width: number
  height: number
}

const SAMPLE_WIDTH = 240

function sample(image: ImageBitmap): Sample {
  const width = Math.min(SAMPLE_WIDTH, image.width)
  const height = Math.max(1, Math.round((image.height / image.width) * width))
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const context = canvas.getContext('2d', { willReadFrequently: true })!
  context.drawImage(image, 0, 0, width, height)
  const { data } = context.getImageData(0, 0, width, height)
  const luma = new Uint8ClampedArray(width * height)
  for (let i = 0; i < luma.length; i += 1) {
    luma[i] = 0.299 * data[4 * i]! + 0.587 * data[4 * i + 1]! + 0.114 * data[4 * i + 2]!
  }
  return { luma, width, height }
}

/** Mean luma below which a photo is dark. */
const DARK = 70
/** Mean luma above which a photo is bright. */
const BRIGHT = 240
/** Variance of the Laplacian below which a photo is blurred. */
const SHARP_VARIANCE = 12

/** Judges only the middle half of width and height, where the face is: a white background would hide a dark face. */
export function lightAdvice({ luma, width, height }: Sample): Advice[] {
  let sum = 0
  let edges = 0
  let edgesSquared = 0
  let count = 0
  for (let y = Math.max(1, height >> 2); y < Math.min(height - 1, (height * 3) >> 2); y += 1) {
    for (let x = Math.max(1, width >> 2); x < Math.min(width - 1, (width * 3) >> 2); x += 1) {
      const at = y * width + x
      const edge = 4 * luma[at]! - luma[at - 1]! - luma[at + 1]! - luma[at - width]! - luma[at + width]!
      sum += luma[at]!
      edges += edge
      edgesSquared += edge * edge
      count += 1
    }
  }
  if (count === 0) return []
  const mean = sum / count
  const variance = edgesSquared / count - (edges / count) ** 2
  const advice: Advice[] = []
  if (mean < DARK) advice.push('dark')
  if (mean > BRIGHT) advice.push('bright')
  if (variance < SHARP_VARIANCE) advice.push('blurred')
  return advice
}
