import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Schemas } from '../../src/api/client'
import { CAPTCHA_ANSWER, MockAccounts, SESSION } from './accounts'
import { Gate } from './gate'
import { MockInvoices } from './invoices'
import { PROVINCES, photoTypes, rulesets } from './lists'
import { MockPayments, type OrderablePhoto } from './payments'
import { check, receipt } from './receipts'
import { fromNow, problem, type Reply } from './reply'
import { inspectionResult } from './reports'

type Photo = Schemas['Photo']
interface StoredPhoto extends Photo {
  version: number
  idempotencyKey: string
}

const STATE_TEXT: Record<string, string> = {
  reserved: '待检测',
  uploaded: '待检测',
  inspecting: '检测中',
  passed: '检测合格',
  failed: '检测不合格',
  unreadable: '检测不合格',
  'timed-out': '检测超时',
  paid: '检测合格',
  purged: '已清除',
}

/** Behaviour of the mock server that tests can change. */
export interface MockOptions {
  /** How many of the next uploads break the connection. */
  brokenUploads: number
  /** Content of every standard photo. */
  standardPhoto: Buffer
  /** Whether receipts are older than 90 days. */
  receiptsExpired: boolean
}

const CHECK_LETTERS = 'ABCEFHJKLMNPRTVWXYZ'
const CHANGE_POLL_MS = 20

interface Request {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: Record<string, unknown>
  english: boolean
}

/**
 * A mock of the API for page tests. The committed OpenAPI document types its responses. It tests the pages, not the
 * service: its rules are simplified.
 */
export class MockApi {
  readonly options: MockOptions = { brokenUploads: 0, standardPhoto: Buffer.alloc(0), receiptsExpired: false }
  /** Uploads wait here before they are stored. */
  readonly uploads = new Gate()
  /** Inspections wait here in the state `inspecting`. */
  readonly inspections = new Gate()
  readonly photos = new Map<string, StoredPhoto>()
  readonly accounts = new MockAccounts()
  readonly payments = new MockPayments(
    (imageNo) => this.orderable(imageNo),
    (imageNo) => this.markPaid(imageNo),
  )
  readonly invoices = new MockInvoices(this.payments, (name) => `${this.storeOrigin}/standard/${name}`)
  /** Method and path of every request. */
  readonly requests: string[] = []
  storeOrigin = ''
  private imageCount = 200_166_497

  async handle(
    incoming: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: URLSearchParams,
  ): Promise<void> {
    const { method = '', headers } = incoming
    this.requests.push(`${method} ${path}`)
    const body = JSON.parse((await readBody(incoming)).toString('utf8') || '{}') as Record<string, unknown>
    const english = headers['accept-language']?.startsWith('en') ?? false
    const reply = await this.answer({ method, path, query, headers, body, english })
    const isText = reply.status < 400 && typeof reply.body === 'string'
    const type = reply.status >= 400 ? 'application/problem+json' : 'application/json'
    response.writeHead(reply.status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...reply.headers })
    response.end(reply.body === undefined || isText ? reply.body : JSON.stringify(reply.body))
  }

  private async answer(request: Request): Promise<Reply> {
    const { method, path, query, headers, body, english } = request
    const route = `${method} ${path}`
    const cookie = headers.cookie ?? ''
    return (
      this.accounts.answer(route, { body, cookie, english }) ??
      answerPublic(route, english) ??
      (headers.authorization === 'Bearer token' ? undefined : problem(401, 'unauthenticated', '请先登录')) ??
      (route === 'GET /v1/me' ? { status: 200, body: SESSION.account } : undefined) ??
      this.answerPhotos(request) ??
      this.invoices.answer(method, path, query, body) ??
      this.payments.answer({ method, path, query, body }) ??
      this.answerPhoto(request)
    )
  }

  private answerPhotos({ method, path, query, headers, body, english }: Request): Reply | undefined {
    if (path !== '/v1/photos') return undefined
    if (method === 'GET') {
      if (!hasCheckLetter(query.get('imageNo'))) return problem(404, 'image-number-wrong', '图像号有误')
      return { status: 200, body: this.page(query) }
    }
    const requested = body as unknown as Schemas['NewPhoto']
    const idempotencyKey = String(headers['idempotency-key'] ?? '')
    const existing = [...this.photos.values()].find((photo) => photo.idempotencyKey === idempotencyKey)
    if (existing) return { status: 201, body: this.ticket(existing) }
    if (requested.captcha?.answer !== CAPTCHA_ANSWER) {
      return problem(422, 'captcha-wrong', english ? 'The code is wrong' : '验证码不正确', '/captcha/answer')
    }
    if (requested.paymentMethod === 'balance' && this.payments.balanceFen < 150) {
      return problem(402, 'balance-too-low', english ? 'The balance is too low' : '账户余额不足')
    }
    return { status: 201, body: this.ticket(this.reserve(requested, idempotencyKey, english)) }
  }

  private async answerPhoto({ path, query, headers }: Request): Promise<Reply> {
    const [, , , imageNo = '', part] = path.split('/')
    const photo = this.photos.get(imageNo)
    if (!photo) return problem(404, 'not-found', '找不到该内容')
    const standardPhotoUrl = `${this.storeOrigin}/standard/${imageNo}.jpg`
    if (part === 'standard-photo') return { status: 200, body: { url: standardPhotoUrl, expiresAt: fromNow(300_000) } }
    if (part === 'receipt') {
      return receipt(photo, 'https://photos.example.cn', standardPhotoUrl, this.options.receiptsExpired)
    }
    if (part === 'receipt.pdf') {
      return { status: 200, body: '%PDF-1.7 of the mock server', headers: { 'Content-Type': 'application/pdf' } }
    }
    const known = headers['if-none-match']
    await waitForChange(photo, known, Number(query.get('wait') ?? 0))
    const { version: _, idempotencyKey: __, ...body } = photo
    const etagHeader = { ETag: etag(photo) }
    return known === etag(photo) ? { status: 304, headers: etagHeader } : { status: 200, body, headers: etagHeader }
  }

  /** Adds inspected photos, alternately passed and failed. */
  seedPhotos(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const fileName = i % 2 ? 'tilted.jpg' : 'good.jpg'
      const region = { province: '广东省', city: '深圳市' }
      const requested = {
        card: 'resident-id',
        ruleset: 'easy',
        region,
        paymentMethod: 'wechat' as const,
        fileName,
        contentType: 'image/jpeg',
        bytes: 1,
      }
      const photo = this.reserve(requested, `seed-${this.imageCount}`, false)
      const uploadedAt = fromNow((i - count) * 3_600_000)
      const result = inspectionResult(fileName, photo.card, false)
      this.update(photo, { ...result, uploadedAt, inspectedAt: uploadedAt, durationMs: 8_000 })
    }
  }

  markPaid(imageNo: string): void {
    const photo = this.photos.get(imageNo)
    if (photo) this.update(photo, { state: 'paid', paid: true })
  }

  /** An upload to the object store with the presigned form of a ticket. Returns the status of the response. */
  async storeUpload(request: IncomingMessage, imageNo: string): Promise<number> {
    const form = (await readBody(request)).toString('latin1')
    await this.uploads.wait()
    const photo = this.photos.get(imageNo)
    const fields = [...form.matchAll(/; name="([^"]+)"/g)].map((match) => match[1])
    const valid = fields.at(-1) === 'file' && fields.includes('policy') && form.includes('\xff\xd8\xff')
    const aborted = request.socket.destroyed
    if (!photo || !valid || aborted) return 403
    this.update(photo, { state: 'uploaded', uploadedAt: fromNow(0) })
    setTimeout(() => void this.inspect(photo))
    return 204
  }

  private async inspect(photo: StoredPhoto): Promise<void> {
    this.update(photo, { state: 'inspecting' })
    await this.inspections.wait()
    const english = !/\p{Script=Han}/u.test(photo.cardName)
    const result = inspectionResult(photo.fileName, photo.card, english)
    this.update(photo, { ...result, inspectedAt: fromNow(0), durationMs: 4_200 })
    if (result.feeFen > 0 && photo.paymentMethod === 'balance') this.payments.charge(result.feeFen, photo.imageNo)
  }

  private reserve(
    requested: Omit<Schemas['NewPhoto'], 'captcha'>,
    idempotencyKey: string,
    english: boolean,
  ): StoredPhoto {
    this.imageCount += 1
    const { card, ruleset, region, paymentMethod, fileName } = requested
    const photo: StoredPhoto = {
      imageNo: `A${checkLetter(this.imageCount)}${String(this.imageCount).padStart(9, '0')}`,
      state: 'reserved',
      stateText: STATE_TEXT.reserved!,
      card,
      links: { self: '' },
      cardName: photoTypes(english).find((type) => type.code === card)?.name ?? card,
      ruleset,
      region,
      paymentMethod,
      feeFen: 0,
      fileName,
      reasons: [],
      paid: false,
      version: 1,
      idempotencyKey,
    }
    this.photos.set(photo.imageNo, photo)
    return photo
  }

  private orderable(imageNo: string): OrderablePhoto | undefined {
    const photo = this.photos.get(imageNo)
    if (photo?.state !== 'passed') return undefined
    return { imageNo, card: photo.card, region: photo.region, priceFen: photo.feeFen }
  }

  private update(photo: StoredPhoto, change: Partial<Photo>): void {
    Object.assign(photo, change, { version: photo.version + 1 })
    photo.stateText = STATE_TEXT[photo.state]!
  }

  private ticket({ imageNo, state }: StoredPhoto): Schemas['NewPhotoTicket'] {
    const fields = { key: `uploads/${imageNo}`, 'Content-Type': 'image/jpeg', policy: 'signed-policy' }
    const url = `${this.storeOrigin}/upload/${imageNo}`
    return { imageNo, state, upload: { url, fields, expiresAt: fromNow(300_000) } }
  }

  private page(query: URLSearchParams): Schemas['PhotoPage'] {
    const limit = Number(query.get('limit') ?? 10)
    const start = Number(query.get('cursor') ?? 0)
    const filter = (name: string) => query.get(name) ?? ''
    const matching = [...this.photos.values()].reverse().filter((photo) => {
      const state = photo.state === 'paid' ? 'passed' : photo.state
      const day = (photo.uploadedAt ?? '').slice(0, 10)
      return (
        day >= filter('from') &&
        day <= (filter('to') || '9') &&
        ['', String(photo.paid)].includes(filter('paid')) &&
        ['', state].includes(filter('state')) &&
        ['', photo.card].includes(filter('card')) &&
        photo.imageNo.startsWith(filter('imageNo'))
      )
    })
    const more = matching.length > start + limit
    return { items: matching.slice(start, start + limit), ...(more && { nextCursor: String(start + limit) }) }
  }
}

function answerPublic(route: string, english: boolean): Reply | undefined {
  switch (route) {
    case 'GET /v1/photo-types':
      return { status: 200, body: { items: photoTypes(english) } }
    case 'GET /v1/photo-rulesets':
      return { status: 200, body: { items: rulesets(english) } }
    case 'GET /v1/regions':
      return { status: 200, body: { items: PROVINCES } }
  }
  const token = /^GET \/v1\/public\/receipts\/(.+)$/.exec(route)?.[1]
  return token === undefined ? undefined : check(token, english)
}

/** Holds a long poll until the photo differs from the version that the client knows. */
async function waitForChange(photo: StoredPhoto, known: string | undefined, seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000
  while (known === etag(photo) && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, CHANGE_POLL_MS))
  }
}

/** The second letter of an image number. It detects typing errors. */
const checkLetter = (serial: number): string => CHECK_LETTERS[(6 * serial + 7) % CHECK_LETTERS.length]!

const hasCheckLetter = (imageNo: string | null): boolean =>
  !imageNo || imageNo[1] === checkLetter(Number(imageNo.slice(2)))

const etag = (photo: StoredPhoto): string => `"${photo.version}"`

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
