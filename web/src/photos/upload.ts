/** Posts a photo to the object store with the presigned form of its upload ticket. */
import type { Schemas } from '../api/client'
import { wait } from '../api/wait'

export type Upload = Schemas['Upload']
/** `lapsed`: the ticket has expired. `unreachable`: the store was unavailable in every attempt. */
export type UploadResult = 'stored' | 'refused' | 'unreachable' | 'lapsed' | 'aborted'

export const MAX_ATTEMPTS = 3
/** Pause before the second attempt; it doubles before each further one. */
const PAUSE_MS = 800
const TIMEOUT_MS = 60_000

interface Options {
  /** Called with the sent share, 0 to 1. */
  onProgress: (share: number) => void
  signal: AbortSignal
  /** Overrides `PAUSE_MS` in tests. */
  pauseMs?: number
}

/** Uploads the file. It retries when the network or the store fails, but not when the store rejects the upload. */
export async function uploadFile(upload: Upload, file: Blob, options: Options): Promise<UploadResult> {
  const pause = options.pauseMs ?? PAUSE_MS
  for (let attempt = 1; ; attempt += 1) {
    if (Date.parse(upload.expiresAt) <= Date.now()) return 'lapsed'
    const result = await post(upload, file, options)
    if (result !== 'unreachable' || attempt === MAX_ATTEMPTS) return result
    await wait(pause * 2 ** (attempt - 1), options.signal)
    if (options.signal.aborted) return 'aborted'
  }
}

function post(upload: Upload, file: Blob, { onProgress, signal }: Options): Promise<UploadResult> {
  return new Promise((resolve) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value)
    // The store ignores fields after the file.
    form.append('file', file)
    const request = new XMLHttpRequest()
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onload = () => resolve(resultOf(request.status))
    request.onerror = () => resolve('unreachable')
    request.ontimeout = () => resolve('unreachable')
    request.onabort = () => resolve('aborted')
    if (signal.aborted) return resolve('aborted')
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.open('POST', upload.url)
    request.timeout = TIMEOUT_MS
    request.send(form)
  })
}

function resultOf(status: number): UploadResult {
  if (status >= 200 && status < 300) return 'stored'
  return status >= 500 || status === 0 ? 'unreachable' : 'refused'
}
