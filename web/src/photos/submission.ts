/**
 * The photos sent during this visit, from upload ticket to result. They are kept when the person opens another page of
 * the site.
 */
import { computed, effect, type Signal, signal } from '@preact/signals'
import { api, type Outcome, outcome, type Schemas } from '../api/client'
import { sessionState } from '../session'
import { type Upload, uploadFile } from './upload'
import { isFinal, type Photo, watchPhoto } from './watch'

export type Stage = 'uploading' | 'inspecting' | 'done' | 'refused' | 'unreachable' | 'lapsed' | 'aborted'

export interface Submission {
  imageNo: string
  file: File
  /** Object URL of the original. */
  preview: string
  /** The upload ticket's form; absent when the ticket has been used. */
  upload: Upload | undefined
  stage: Signal<Stage>
  progress: Signal<number>
  photo: Signal<Photo | undefined>
  abort: () => void
}

export const submissions = signal<Submission[]>([])
export const position = signal(0)
export const current = computed(() => submissions.value[position.value])

/** Incremented after each finished inspection; components that show the balance then fetch it again. */
export const finishedCount = signal(0)

/** Reserves an image number. A repeated key gets the same ticket. */
export function createPhoto(body: Schemas['NewPhoto'], key: string): Promise<Outcome<Schemas['NewPhotoTicket']>> {
  return outcome(api.POST('/v1/photos', { body, params: { header: { 'Idempotency-Key': key } } }))
}

/** Adds a submission, shows it and starts its upload. */
export function startSubmission(ticket: Schemas['NewPhotoTicket'], file: File): Submission {
  const submission: Submission = {
    imageNo: ticket.imageNo,
    file,
    preview: URL.createObjectURL(file),
    upload: ticket.upload,
    stage: signal<Stage>('uploading'),
    progress: signal(0),
    photo: signal<Photo | undefined>(),
    abort: () => undefined,
  }
  submissions.value = [...submissions.value, submission]
  position.value = submissions.value.length - 1
  void uploadAndWatch(submission)
  return submission
}

/** Uploads the photo with its ticket, also repeatedly after a failure, then follows the inspection to its end. */
export async function uploadAndWatch(submission: Submission): Promise<void> {
  const controller = new AbortController()
  submission.abort = () => controller.abort()
  submission.stage.value = 'uploading'
  submission.progress.value = 0
  if (submission.upload !== undefined) {
    const result = await uploadFile(submission.upload, submission.file, {
      signal: controller.signal,
      onProgress: (share) => (submission.progress.value = share),
    })
    if (result !== 'stored') {
      submission.stage.value = result
      return
    }
  }
  submission.stage.value = 'inspecting'
  await watchPhoto(submission.imageNo, (photo) => (submission.photo.value = photo), controller.signal)
  if (submission.photo.value && isFinal(submission.photo.value.state)) {
    submission.stage.value = 'done'
    finishedCount.value += 1
  }
}

/** Object URL of the original of a photo sent during this visit. */
export const originalOf = (imageNo: string): string | undefined =>
  submissions.value.find((submission) => submission.imageNo === imageNo)?.preview

/** Removes all submissions, so that the next account on this device does not see them. */
function clear(): void {
  for (const submission of submissions.peek()) {
    submission.abort()
    URL.revokeObjectURL(submission.preview)
  }
  submissions.value = []
  position.value = 0
}

effect(() => {
  if (sessionState.value === 'signed-out') clear()
})
