/** Follows one photo until its inspection ended: long polls first, plain polls every ten seconds after two minutes. */
import { api, outcome, type Schemas } from '../api/client'
import { wait } from './upload'

export type Photo = Schemas['Photo']
export type PhotoState = Photo['state']

const WAIT_SECONDS = 20
const LONG_POLLS_MS = 120_000
const SLOW_MS = 10_000
const RETRY_MS = 2_000

export const isFinal = (state: PhotoState): boolean => !['reserved', 'uploaded', 'inspecting'].includes(state)

/** Reports every change. Losing the network is not an end: it goes on asking until `signal` aborts. */
export async function watch(imageNo: string, onPhoto: (photo: Photo) => void, signal: AbortSignal): Promise<void> {
  const started = Date.now()
  let etag: string | undefined
  while (!signal.aborted) {
    const patient = Date.now() - started < LONG_POLLS_MS
    const answer = await ask(imageNo, patient ? WAIT_SECONDS : 0, etag, signal)
    if (signal.aborted || answer === 'gone') return
    if (answer === 'again') {
      await wait(RETRY_MS, signal)
    } else if (answer !== 'unchanged') {
      etag = answer.etag
      onPhoto(answer.photo)
      if (isFinal(answer.photo.state)) return
    }
    if (!patient) await wait(SLOW_MS, signal)
  }
}

type Answer = { photo: Photo; etag: string | undefined } | 'unchanged' | 'again' | 'gone'

async function ask(imageNo: string, seconds: number, etag: string | undefined, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await outcome(
      api.GET('/v1/photos/{imageNo}', {
        params: {
          path: { imageNo },
          query: seconds > 0 ? { wait: seconds } : {},
          header: etag ? { 'If-None-Match': etag } : {},
        },
        signal,
        cache: 'no-store',
      }),
    )
    if (answer.ok) return { photo: answer.data, etag: answer.response.headers.get('ETag') ?? undefined }
    if (answer.problem.status === 304) return 'unchanged'
    return answer.problem.status === 404 ? 'gone' : 'again'
  } catch {
    return 'again'
  }
}
