import { MAX_BYTES } from './precheck'

const LONGEST_PX = 2400
const QUALITIES = [0.92, 0.86, 0.8, 0.72]

/**
 * A copy of at most `MAX_BYTES`, scaled and recompressed in this browser; `undefined` when no attempt is small enough.
 */
export async function shrink(file: File): Promise<File | undefined> {
  const image = await createImageBitmap(file)
  const canvas = document.createElement('canvas')
  for (const longest of [LONGEST_PX, LONGEST_PX / 2]) {
    const scale = Math.min(1, longest / Math.max(image.width, image.height))
    canvas.width = Math.round(image.width * scale)
    canvas.height = Math.round(image.height * scale)
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height)
    for (const quality of QUALITIES) {
      const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', quality))
      if (blob && blob.size <= MAX_BYTES) return new File([blob], file.name, { type: 'image/jpeg' })
    }
  }
  return undefined
}
