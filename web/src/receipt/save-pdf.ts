import { api, outcome } from '../api/client'
import type { Problem } from '../api/problem'

/** Downloads the PDF. It is fetched first, because a plain link cannot send the access token. */
export async function savePdf(imageNo: string): Promise<Problem | undefined> {
  const call = api.GET('/v1/photos/{imageNo}/receipt.pdf', {
    params: { path: { imageNo } },
    headers: { Accept: 'application/pdf' },
    parseAs: 'blob',
    cache: 'no-store',
  })
  const result = await outcome<unknown>(call)
  if (!result.ok) return result.problem
  const url = URL.createObjectURL(result.data as Blob)
  const anchor = document.createElement('a')
  anchor.href = url
  anchor.download = `${imageNo}-receipt.pdf`
  anchor.click()
  // The browser reads the URL asynchronously after the click.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
  return undefined
}
