import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'

/** Fetches the PDF with the caller's token, which a plain link could not carry, and saves it. */
export async function savePdf(imageNo: string): Promise<Problem | undefined> {
  const call = api.GET('/v1/photos/{imageNo}/receipt.pdf', {
    params: { path: { imageNo } },
    headers: { Accept: 'application/pdf' },
    parseAs: 'blob',
    cache: 'no-store',
  })
  const answer = await outcome<unknown>(call)
  if (!answer.ok) return answer.problem
  const address = URL.createObjectURL(answer.data as Blob)
  const anchor = document.createElement('a')
  anchor.href = address
  anchor.download = `${imageNo}-receipt.pdf`
  anchor.click()
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
  return undefined
}
