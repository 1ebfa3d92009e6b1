/** The photos sent during this visit: ticket, upload, inspection. They outlive the page so that the pager keeps them. */
import { computed, effect, signal, type Signal } from '@preact/signals'
import { api, outcome, type Outcome, type Schemas } from '../api/client'
import { phase } from '../session'
import { store, type Upload } from './upload'
import { isFinal, watch, type Photo } from './watch'

export type Stage = 'uploading' | 'inspecting' | 'done' | 'refused' | 'unreachable' | 'lapsed' | 'aborted'

export interface Submission {
  imageNo: string
  file: File
  /** Address of the original inside this page; nothing of it is stored. */
  preview: string
  /** Absent when the server says that it has been used already. */
  upload: Upload | undefined
  stage: Signal<Stage>
  progress: Signal<number>
  photo: Signal<Photo | undefined>
  abort: () => void
}

export const submissions = signal<Submission[]>([])
export const position = signal(0)
export const current = computed(() => submissions.value[position.value])

/** Counts finished inspections, for whoever shows something that they change, such as the balance. */
export const finished = signal(0)

/** Reserves the image number. The same key may be sent again after a lost answer: it yields the same ticket. */
export function reserve(body: Schemas['NewPhoto'], key: string): Promise<Outcome<Schemas['NewPhotoTicket']>> {
  return outcome(api.POST('/v1/photos', { body, params: { header: { 'Idempotency-Key': key } } }))
}

export function begin(ticket: Schemas['NewPhotoTicket'], file: File): Submission {
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
  void send(submission)
  return submission
}

/** Uploads (again) with the ticket at hand, then follows the inspection to its end. */
export async function send(submission: Submission): Promise<void> {
  const controller = new AbortController()
  submission.abort = () => controller.abort()
  submission.stage.value = 'uploading'
  submission.progress.value = 0
  const stored = submission.upload === undefined ? 'stored' : await store(submission.upload, submission.file, {
    signal: controller.signal,
    onProgress: (share) => (submission.progress.value = share),
  })
  if (stored !== 'stored') {
    submission.stage.value = stored
    return
  }
  submission.stage.value = 'inspecting'
  await watch(submission.imageNo, (photo) => (submission.photo.value = photo), controller.signal)
  if (submission.photo.value && isFinal(submission.photo.value.state)) {
    submission.stage.value = 'done'
    finished.value += 1
  }
}

/** The original of a photo sent during this visit. */
export const originalOf = (imageNo: string): string | undefined =>
  submissions.value.find((submission) => submission.imageNo === imageNo)?.preview

/** Leaves nothing of one account's photos to the next. */
function clear(): void {
  for (const submission of submissions.peek()) {
    submission.abort()
    URL.revokeObjectURL(submission.preview)
  }
  submissions.value = []
  position.value = 0
}

effect(() => {
  if (phase.value === 'visitor') clear()
})
