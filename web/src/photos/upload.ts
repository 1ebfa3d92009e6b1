/** Posts a photo straight to the object store with the presigned form of its upload ticket. */
import type { Schemas } from '../api/client'

export type Upload = Schemas['Upload']
export type Stored = 'stored' | 'refused' | 'unreachable' | 'lapsed' | 'aborted'

export const TRIES = 3
const PAUSE_MS = 800

interface Options {
  onProgress: (share: number) => void
  signal: AbortSignal
  /** Between tries; tests make it short. */
  pauseMs?: number
}

/** Tries again when the network or the store fails, with growing pauses; a refusal is final. */
export async function store(upload: Upload, file: Blob, options: Options): Promise<Stored> {
  const pause = options.pauseMs ?? PAUSE_MS
  for (let attempt = 1; ; attempt += 1) {
    if (Date.parse(upload.expiresAt) <= Date.now()) return 'lapsed'
    const answer = await post(upload, file, options)
    if (answer !== 'unreachable' || attempt === TRIES) return answer
    await wait(pause * 2 ** (attempt - 1), options.signal)
    if (options.signal.aborted) return 'aborted'
  }
}

function post(upload: Upload, file: Blob, { onProgress, signal }: Options): Promise<Stored> {
  return new Promise((resolve) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(upload.fields)) form.append(name, value)
    // The store ignores every field after the file.
    form.append('file', file)
    const request = new XMLHttpRequest()
    request.upload.onprogress = (event) => onProgress(event.lengthComputable ? event.loaded / event.total : 0)
    request.onload = () => resolve(verdict(request.status))
    request.onerror = () => resolve('unreachable')
    request.ontimeout = () => resolve('unreachable')
    request.onabort = () => resolve('aborted')
    if (signal.aborted) return resolve('aborted')
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.open('POST', upload.url)
    request.timeout = 60_000
    request.send(form)
  })
}

function verdict(status: number): Stored {
  if (status >= 200 && status < 300) return 'stored'
  return status >= 500 || status === 0 ? 'unreachable' : 'refused'
}

export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
