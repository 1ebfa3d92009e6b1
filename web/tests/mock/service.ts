/**
 * A contract double of the API for page tests: the shapes are typed by the committed OpenAPI document, the timing is
 * that of a small inspection. It proves the pages, never the service behind them.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Schemas } from '../../src/api/client'
import { accounts, CAPTCHA_ANSWER, refuse, SESSION, type Reply } from './accounts'
import { Invoices } from './invoices'
import { photoTypes, PROVINCES, rulesets } from './lists'
import { check, receipt } from './receipts'
import { ending } from './reports'
import { Till, type Payable } from './till'

type Photo = Schemas['Photo']
interface Kept extends Photo {
  version: number
  key: string
}

const STATE_TEXT: Record<Photo['state'], string> = { reserved: '待检测', uploaded: '待检测', inspecting: '检测中', passed: '检测合格', failed: '检测不合格', unreadable: '检测不合格', 'timed-out': '检测超时', paid: '检测合格', purged: '已清除' }
/** What a test may set before it acts; the balance is the till's. */
export interface Knobs {
  /** How many of the next uploads break the connection. */
  brokenUploads: number
  /** How long an inspection takes. */
  inspectionMs: number
  /** Milliseconds each part of an upload takes. */
  uploadMs: number
  standardPhoto: Buffer
  /** Whether receipts are older than 90 days. */
  receiptsExpired: boolean
  /** What a saved receipt holds. */
  pdf: Buffer
}

const LETTERS = 'ABCEFHJKLMNPRTVWXYZ'

export class Service {
  readonly photos = new Map<string, Kept>()
  readonly knobs: Knobs = { brokenUploads: 0, inspectionMs: 900, uploadMs: 0, standardPhoto: Buffer.alloc(0), receiptsExpired: false, pdf: Buffer.from('%PDF-1.7 of the double') }
  readonly till = new Till((imageNo) => {
    const photo = this.photos.get(imageNo)
    if (photo) this.move(photo, { state: 'paid', paid: true })
  })
  readonly invoices = new Invoices(this.till)
  readonly requests: string[] = []
  storeOrigin = ''
  private counter = 200_166_497

  async answer(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): Promise<void> {
    const english = request.headers['accept-language']?.startsWith('en') ?? false
    const method = `${request.method} ${path}`
    this.requests.push(method)
    const reply = ({ status, body, headers = {} }: Reply) => {
      const type = status >= 400 ? 'application/problem+json' : 'application/json'
      response.writeHead(status, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers })
      response.end(body === undefined ? undefined : JSON.stringify(body))
    }
    const json = (status: number, body: unknown, headers = {}) => reply({ status, body, headers })
    const body = JSON.parse((await read(request)).toString('utf8') || '{}') as Record<string, unknown>
    const account = accounts(method, body, request.headers.cookie ?? '', english)
    if (account) return reply(account)

    switch (method) {
      case 'GET /v1/photo-types':
        return json(200, { items: photoTypes(english) })
      case 'GET /v1/photo-rulesets':
        return json(200, { items: rulesets(english) })
      case 'GET /v1/regions':
        return json(200, { items: PROVINCES })
    }

    const [, , first = '', second, token = ''] = path.split('/')
    if (`${first}/${second}` === 'public/receipts') return reply(check(token, english))

    if (request.headers.authorization !== 'Bearer token') return reply(refuse(401, 'unauthenticated', '请先登录'))
    switch (method) {
      case 'GET /v1/me':
        return json(200, SESSION.account)
      case 'POST /v1/photos': {
        const asked = body as unknown as Schemas['NewPhoto']
        const key = String(request.headers['idempotency-key'] ?? '')
        const earlier = [...this.photos.values()].find((photo) => photo.key === key)
        if (earlier) return json(201, this.ticket(earlier))
        if (asked.captcha?.answer !== CAPTCHA_ANSWER) return reply(refuse(422, 'captcha-wrong', english ? 'The code is wrong' : '验证码不正确', '/captcha/answer'))
        if (asked.paymentMethod === 'balance' && this.till.balanceFen < 150) {
          return reply(refuse(402, 'balance-too-low', english ? 'The balance is too low' : '账户余额不足'))
        }
        return json(201, this.ticket(this.reserve(asked, key, english)))
      }
      case 'GET /v1/photos':
        if (!fitting(query.get('imageNo'))) return reply(refuse(404, 'image-number-wrong', '图像号有误'))
        return json(200, this.page(query))
    }
    this.invoices.storeOrigin = this.storeOrigin
    const key = String(request.headers['idempotency-key'] ?? '')
    const invoiced = this.invoices.answer(request.method ?? '', path, query, body, key)
    if (invoiced) return reply(invoiced)
    const paid = this.till.answer(request.method ?? '', path, query, body, (no) => this.payable(no))
    if (paid) return reply(paid)
    const [, , , imageNo = '', part] = path.split('/')
    const photo = this.photos.get(imageNo)
    if (!photo) return reply(refuse(404, 'not-found', '找不到该内容'))
    if (part === 'standard-photo') return json(200, { url: `${this.storeOrigin}/standard/${imageNo}.jpg`, expiresAt: soon() })
    if (part === 'receipt') return reply(receipt(photo, 'https://photos.example.cn', `${this.storeOrigin}/standard/${imageNo}.jpg`, this.knobs.receiptsExpired))
    if (part === 'receipt.pdf') {
      response.writeHead(200, { 'Content-Type': 'application/pdf' }).end(this.knobs.pdf)
      return
    }
    await this.changed(photo, request.headers['if-none-match'], Number(query.get('wait') ?? 0))
    if (request.headers['if-none-match'] === etag(photo)) {
      response.writeHead(304, { ETag: etag(photo) }).end()
      return
    }
    const { version: _, key: __, ...shown } = photo
    return json(200, shown, { ETag: etag(photo) })
  }

  /** Photos of earlier visits, every other one refused. */
  seed(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const fileName = i % 2 ? 'tilted.jpg' : 'good.jpg'
      const region = { province: '广东省', city: '深圳市' }
      const asked = { card: 'resident-id', ruleset: 'easy', region, paymentMethod: 'wechat' as const, fileName, contentType: 'image/jpeg', bytes: 1 }
      const photo = this.reserve(asked, `seed-${i}`, false)
      const uploadedAt = new Date(Date.now() - (count - i) * 3_600_000).toISOString()
      this.move(photo, { ...ending(fileName, photo.card, false), uploadedAt, inspectedAt: uploadedAt, durationMs: 8_000 })
    }
  }

  /** The object store's side of the presigned form. */
  async receive(request: IncomingMessage, imageNo: string): Promise<number> {
    const sent = (await read(request)).toString('latin1')
    if (this.knobs.uploadMs > 0) await new Promise((done) => setTimeout(done, this.knobs.uploadMs))
    const photo = this.photos.get(imageNo)
    const names = [...sent.matchAll(/; name="([^"]+)"/g)].map((match) => match[1])
    if (!photo || names.at(-1) !== 'file' || !names.includes('policy') || !sent.includes('\xff\xd8\xff')) return 403
    this.move(photo, { state: 'uploaded', uploadedAt: new Date().toISOString() })
    setTimeout(() => this.move(photo, { state: 'inspecting' }), this.knobs.inspectionMs / 3)
    setTimeout(() => this.finish(photo), this.knobs.inspectionMs)
    return 204
  }

  private reserve(asked: Omit<Schemas['NewPhoto'], 'captcha'>, key: string, english: boolean): Kept {
    this.counter += 1
    const photo: Kept = {
      imageNo: `A${LETTERS[(6 * this.counter + 7) % 19]}${String(this.counter).padStart(9, '0')}`,
      state: 'reserved',
      stateText: STATE_TEXT.reserved!,
      card: asked.card,
      links: { self: '' },
      cardName: photoTypes(english).find((type) => type.code === asked.card)?.name ?? asked.card,
      ruleset: asked.ruleset,
      region: asked.region,
      paymentMethod: asked.paymentMethod,
      feeFen: 0,
      fileName: asked.fileName,
      reasons: [],
      paid: false,
      version: 1,
      key,
    }
    this.photos.set(photo.imageNo, photo)
    return photo
  }

  private finish(photo: Kept): void {
    const end = ending(photo.fileName, photo.card, !/\p{Script=Han}/u.test(photo.cardName))
    this.move(photo, { ...end, inspectedAt: new Date().toISOString(), durationMs: 4_200 })
    if (end.feeFen > 0 && photo.paymentMethod === 'balance') this.till.charge(end.feeFen, photo.imageNo)
  }

  private payable(imageNo: string): Payable | undefined {
    const photo = this.photos.get(imageNo)
    if (photo?.state !== 'passed') return undefined
    return { imageNo, card: photo.card, region: photo.region, priceFen: photo.feeFen }
  }

  private move(photo: Kept, change: Partial<Photo>): void {
    Object.assign(photo, change, { version: photo.version + 1 })
    photo.stateText = STATE_TEXT[photo.state]!
  }

  private ticket(photo: Kept): Schemas['NewPhotoTicket'] {
    const fields = { key: `uploads/${photo.imageNo}`, 'Content-Type': 'image/jpeg', policy: 'signed-policy' }
    return {
      imageNo: photo.imageNo,
      state: photo.state,
      upload: { url: `${this.storeOrigin}/upload/${photo.imageNo}`, fields, expiresAt: soon() },
    }
  }

  private page(query: URLSearchParams): Schemas['PhotoPage'] {
    const limit = Number(query.get('limit') ?? 10)
    const from = Number(query.get('cursor') ?? 0)
    const matching = [...this.photos.values()].reverse().filter((photo) => {
      const [state, card, imageNo, paid] = ['state', 'card', 'imageNo', 'paid'].map((name) => query.get(name))
      const shown = photo.state === 'paid' ? 'passed' : photo.state
      const day = (photo.uploadedAt ?? '').slice(0, 10)
      const [from, to] = [query.get('from') ?? '', query.get('to') ?? '9']
      return day >= from && day <= to && (!paid || String(photo.paid) === paid) && (!state || shown === state) && (!card || photo.card === card) && (!imageNo || photo.imageNo.startsWith(imageNo))
    })
    const more = matching.length > from + limit
    return { items: matching.slice(from, from + limit), ...(more && { nextCursor: String(from + limit) }) }
  }

  private async changed(photo: Kept, known: string | undefined, seconds: number): Promise<void> {
    const until = Date.now() + seconds * 1000
    while (known === etag(photo) && Date.now() < until) await new Promise((done) => setTimeout(done, 40))
  }
}

/** The check letter tells a typing error. */
function fitting(imageNo: string | null): boolean {
  return !imageNo || imageNo[1] === LETTERS[(6 * Number(imageNo.slice(2)) + 7) % 19]
}

const etag = (photo: Kept): string => `"${photo.version}"`
const soon = (): string => new Date(Date.now() + 300_000).toISOString()
export async function read(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
