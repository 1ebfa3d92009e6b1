import { api, outcome, type Schemas } from '../api/client'
import { wait } from '../api/wait'

export type Photo = Schemas['Photo']
export type PhotoState = Photo['state']

/** How long the service holds one long poll. */
const WAIT_SECONDS = 20
/** How long long polls are used. */
const LONG_POLLS_MS = 120_000
/** Pause between plain polls. */
const PLAIN_POLL_MS = 10_000
/** Pause after a failed request. */
const RETRY_MS = 2_000

/** Whether the inspection has ended. */
export const isFinal = (state: PhotoState): boolean => !['reserved', 'uploaded', 'inspecting'].includes(state)

/**
 * Follows a photo until its inspection has ended and calls `onPhoto` for each change: long polls first, plain polls
 * after two minutes. Failed requests are repeated until `signal` aborts.
 */
export async function watchPhoto(imageNo: string, onPhoto: (photo: Photo) => void, signal: AbortSignal): Promise<void> {
  const started = Date.now()
  let etag: string | undefined
  while (!signal.aborted) {
    const longPoll = Date.now() - started < LONG_POLLS_MS
    const result = await poll(imageNo, longPoll ? WAIT_SECONDS : 0, etag, signal)
    if (signal.aborted || result === 'missing') return
    if (result === 'failed') {
      await wait(RETRY_MS, signal)
    } else if (result !== 'unchanged') {
      etag = result.etag
      onPhoto(result.photo)
      if (isFinal(result.photo.state)) return
    }
    if (!longPoll) await wait(PLAIN_POLL_MS, signal)
  }
}

type PollResult = { photo: Photo; etag: string | undefined } | 'unchanged' | 'failed' | 'missing'

async function poll(
  imageNo: string,
  seconds: number,
  etag: string | undefined,
  signal: AbortSignal,
): Promise<PollResult> {
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
    return answer.problem.status === 404 ? 'missing' : 'failed'
  } catch {
    return 'failed'
  }
}
