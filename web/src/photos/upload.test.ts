import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { MAX_ATTEMPTS, type Upload, uploadFile } from './upload'

const sent: FormData[] = []
let statuses: number[] = []

/** Responds to each request with the next status; 0 is a broken connection. */
class ScriptedRequest {
  upload: { onprogress?: (event: unknown) => void } = {}
  status = 0
  onload?: () => void
  onerror?: () => void
  onabort?: () => void
  open() {}
  abort() {
    this.onabort?.()
  }
  send(form: FormData) {
    sent.push(form)
    this.status = statuses.shift() ?? 204
    this.upload.onprogress?.({ lengthComputable: true, loaded: 1, total: 2 })
    queueMicrotask(() => (this.status === 0 ? this.onerror?.() : this.onload?.()))
  }
}

const upload: Upload = {
  url: 'https://store.test/',
  fields: { key: 'k', policy: 'p' },
  expiresAt: '2999-01-01T00:00:00Z',
}
const options = () => ({ onProgress: vi.fn(), signal: new AbortController().signal, pauseMs: 1 })

beforeEach(() => {
  sent.length = 0
  statuses = []
  vi.stubGlobal('XMLHttpRequest', ScriptedRequest)
})
afterEach(() => vi.unstubAllGlobals())

// Covers: XX-06
test('uploadFile sends the form fields before the file', async () => {
  expect(await uploadFile(upload, new Blob(['x']), options())).toBe('stored')
  expect([...sent[0]!.keys()]).toEqual(['key', 'policy', 'file'])
})

// Covers: XX-06
test('uploadFile retries a broken connection and a 503, three attempts in all', async () => {
  statuses = [0, 503, 204]
  expect(await uploadFile(upload, new Blob(['x']), options())).toBe('stored')
  statuses = [0, 0, 0, 204]
  sent.length = 0
  expect(await uploadFile(upload, new Blob(['x']), options())).toBe('unreachable')
  expect(sent.length).toBe(MAX_ATTEMPTS)
})

// Covers: XX-06
test('uploadFile does not retry a 403', async () => {
  statuses = [403, 204]
  expect(await uploadFile(upload, new Blob(['x']), options())).toBe('refused')
  expect(sent.length).toBe(1)
})

// Covers: XX-06
test('uploadFile sends nothing with a lapsed ticket', async () => {
  expect(await uploadFile({ ...upload, expiresAt: '2020-01-01T00:00:00Z' }, new Blob(['x']), options())).toBe('lapsed')
  expect(sent.length).toBe(0)
})

// Covers: XX-06
test('uploadFile sends nothing when aborted before the start', async () => {
  const controller = new AbortController()
  controller.abort()
  expect(await uploadFile(upload, new Blob(['x']), { ...options(), signal: controller.signal })).toBe('aborted')
  expect(sent.length).toBe(0)
})
