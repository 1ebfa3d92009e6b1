import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { store, TRIES, type Upload } from './upload'

const sent: FormData[] = []
let statuses: number[] = []

/** Answers each request with the next status; 0 is a broken connection. */
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

const upload: Upload = { url: 'https://store.test/', fields: { key: 'k', policy: 'p' }, expiresAt: '2999-01-01T00:00:00Z' }
const options = () => ({ onProgress: vi.fn(), signal: new AbortController().signal, pauseMs: 1 })

beforeEach(() => {
  sent.length = 0
  statuses = []
  vi.stubGlobal('XMLHttpRequest', ScriptedRequest)
})
afterEach(() => vi.unstubAllGlobals())

// Covers: XX-06
test('the fields come before the file, as the store asks', async () => {
  expect(await store(upload, new Blob(['x']), options())).toBe('stored')
  expect([...sent[0]!.keys()]).toEqual(['key', 'policy', 'file'])
})

// Covers: XX-06
test('a broken connection and a failing store are tried again, three times in all', async () => {
  statuses = [0, 503, 204]
  expect(await store(upload, new Blob(['x']), options())).toBe('stored')
  statuses = [0, 0, 0, 204]
  sent.length = 0
  expect(await store(upload, new Blob(['x']), options())).toBe('unreachable')
  expect(sent.length).toBe(TRIES)
})

// Covers: XX-06
test('a refusal is final', async () => {
  statuses = [403, 204]
  expect(await store(upload, new Blob(['x']), options())).toBe('refused')
  expect(sent.length).toBe(1)
})

// Covers: XX-06
test('a lapsed ticket is not used', async () => {
  expect(await store({ ...upload, expiresAt: '2020-01-01T00:00:00Z' }, new Blob(['x']), options())).toBe('lapsed')
  expect(sent.length).toBe(0)
})

// Covers: XX-06
test('stopping before the start sends nothing', async () => {
  const controller = new AbortController()
  controller.abort()
  expect(await store(upload, new Blob(['x']), { ...options(), signal: controller.signal })).toBe('aborted')
  expect(sent.length).toBe(0)
})
