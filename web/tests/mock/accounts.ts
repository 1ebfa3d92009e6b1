/** The accounts' side of the double. */
import type { Schemas } from '../../src/api/client'

export const CAPTCHA_ANSWER = '12'
export const PASSWORD = 'Correct-Horse-7'
export const SMS_CODE = '246810'
export const PHONE = '13810548469'
/** Bound to somebody else. */
export const TAKEN_PHONE = '13900000001'

export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export const SESSION: Schemas['Session'] = {
  accessToken: 'token',
  tokenType: 'Bearer',
  expiresIn: 600,
  scope: 'full',
  needPhone: false,
  account: {
    accountId: '01JD0000000000000000000000',
    kind: 'personal',
    userName: 'lihua',
    nickname: '李华',
    phone: '138****8469',
    roles: ['user'],
    registeredAt: '2024-01-15T05:36:56Z',
  },
}

const CAPTCHA_IMAGE =
  'data:image/svg+xml,' +
  encodeURIComponent(
    '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="44"><rect width="132" height="44" fill="#fff"/><path d="M4 30q30-24 60-6t64-10" stroke="#9aa7ba" fill="none"/><text x="18" y="31" font-size="25" font-family="serif" letter-spacing="5" fill="#24405f">7 + 5 =</text></svg>',
  )

const later = (ms: number): string => new Date(Date.now() + ms).toISOString()
const refreshCookie = (value: string) => ({
  'Set-Cookie': `__Host-refresh=${value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${value ? 3600 : 0}`,
})
/** An account of the old system. */
const withoutPhone: Reply = { status: 201, body: { ...SESSION, scope: 'bind-phone', needPhone: true, account: { ...SESSION.account, phone: undefined } }, headers: refreshCookie('alive') }
const signedIn: Reply = { status: 201, body: SESSION, headers: refreshCookie('alive') }

/** Puzzles that were given out; each is good once. */
const puzzles = new Set<string>()
/** What the one member of the double has changed; a test of its own begins with `forgetChanges`. */
let addresses: Schemas['MailingAddress'][] = []
let links = 0
/** What the app has done with the newest QR code. */
export const phone = { state: 'waiting' as 'waiting' | 'scanned' | 'denied' | 'expired' | 'yes' }

export function forgetChanges(): void {
  addresses = []
  phone.state = 'waiting'
}

/** The link of the newest letter, as its reader would click it. */
export const mailedLink = (): string => `/activate-email#link-${links}`

export const refuse = (status: number, code: string, title: string, pointer?: string): Reply => ({
  status,
  body: {
    type: 'about:blank',
    title,
    status,
    code,
    requestId: 'req-0001',
    ...(pointer && { errors: [{ pointer, code, message: title }] }),
  },
})

/** Any of the documented bodies. */
interface Sent {
  grant?: string
  kind?: string
  userName?: string
  password?: string
  currentPassword?: string
  code?: string
  login?: string
  nickname?: string
  token?: string
  receiver?: string
  phone?: string
  isDefault?: boolean
  stepUpToken?: string
  captcha?: Schemas['CaptchaAnswer']
}

export function accounts(method: string, sent: Sent, cookie: string, english: boolean): Reply | undefined {
  const say = (zh: string, en: string) => (english ? en : zh)
  const captchaWrong = () =>
    puzzles.delete(sent.captcha?.captchaId ?? '') && sent.captcha?.answer === CAPTCHA_ANSWER
      ? undefined
      : refuse(422, 'captcha-wrong', say('验证码不正确', 'The code is wrong'), '/captcha/answer')
  const codeWrong = () => (sent.code === SMS_CODE ? undefined : refuse(422, 'code-wrong', say('短信验证码有误', 'Wrong code'), '/code'))
  const sms: Reply = { status: 202, body: { codeId: 'code-1', resendAt: later(60_000), expiresAt: later(300_000) } }

  switch (method) {
    case 'POST /v1/captchas': {
      const puzzle = sent.kind === 'sum' ? { question: '7 + 5 = ?' } : { image: CAPTCHA_IMAGE }
      const captchaId = `c${puzzles.size}-${Date.now()}`
      puzzles.add(captchaId)
      return { status: 201, body: { captchaId, ...puzzle, expiresAt: later(300_000) } }
    }
    case 'POST /v1/sms-codes':
      return captchaWrong() ?? sms
    case 'POST /v1/sessions':
      if (sent.grant === 'sms') return codeWrong() ?? signedIn
      if (sent.password !== PASSWORD) {
        return captchaWrong() ?? refuse(401, 'credentials-wrong', say('用户名或密码不正确', 'User name or password is wrong'))
      }
      return captchaWrong() ?? (sent.login === 'laozhang' ? withoutPhone : signedIn)
    case 'POST /v1/sessions/refresh':
      return cookie.includes('__Host-refresh=alive') ? signedIn : refuse(401, 'session-over', '')
    case 'DELETE /v1/sessions/current':
      return { status: 204, headers: refreshCookie('') }
    case 'POST /v1/accounts':
      if (sent.userName === 'taken') return refuse(409, 'user-name-taken', '这个登录账户已被使用', '/userName')
      return codeWrong() ?? signedIn
    case 'POST /v1/password-resets':
      return captchaWrong() ?? { status: 201, body: { resetToken: 'reset-1', phone: '138****8469', expiresAt: later(900_000) } }
    case 'POST /v1/password-resets/code':
      return sms
    case 'POST /v1/password-resets/verify':
      return codeWrong() ?? { status: 204 }
    case 'POST /v1/password-resets/password':
      return { status: 204 }
    case 'PUT /v1/me/password':
      return sent.stepUpToken === 'step-1' ? { status: 204 } : refuse(403, 'step-up-needed', '请先验证身份')
    case 'POST /v1/me/step-ups':
      if (sent.password === undefined) {
        const wrong = codeWrong()
        if (wrong) return wrong
      } else if (sent.password !== PASSWORD) return refuse(422, 'password-wrong', '当前密码有误', '/password')
      return { status: 201, body: { stepUpToken: 'step-1', expiresAt: later(300_000) } }
    case 'POST /v1/me/phone':
      if (sent.phone === TAKEN_PHONE) return refuse(409, 'phone-taken', '该手机号已注册', '/phone')
      return codeWrong() ?? { status: 200, body: { ...SESSION.account, phone: '139****0000' } }
    case 'PATCH /v1/me':
      return { status: 200, body: { ...SESSION.account, nickname: sent.nickname } }
    case 'POST /v1/me/email': {
      const wrong = captchaWrong()
      if (wrong) return wrong
      links += 1
      return { status: 202, body: { email: 'zha***@example.cn', expiresAt: later(86_400_000) } }
    }
    case 'POST /v1/me/email/confirmations':
      if (sent.token !== `link-${links}`) return refuse(404, 'email-link-unknown', '激活链接无效')
      if (used.has(sent.token)) return refuse(409, 'email-link-used', '激活链接已使用过')
      used.add(sent.token)
      return { status: 200, body: { ...SESSION.account, email: 'zha***@example.cn' } }
    case 'POST /v1/qr-sign-ins':
      phone.state = 'waiting'
      return { status: 201, body: { qrId: 'qr-1', content: 'idphoto:sign-in:qr-1', number: '47', expiresAt: later(120_000) } }
    case 'POST /v1/qr-sign-ins/qr-1/claim':
      return phone.state === 'yes' ? signedIn : { status: 200, body: { state: phone.state } }
    case 'GET /v1/sessions':
      return { status: 200, body: devices }
    case 'DELETE /v1/sessions/other':
      devices = devices.filter((device) => device.current)
      return { status: 204 }
  }
  return method.includes(' /v1/me/addresses') ? book(method, sent) : undefined
}

const used = new Set<string>()

const device = (sessionId: string, name: string, current: boolean): Schemas['SessionItem'] => {
  const at = '2026-03-01T08:00:00Z'
  return { sessionId, device: name, address: '192.0.2.1', startedAt: at, usedAt: at, current }
}
let devices = [device('this', 'Chrome · Windows', true), device('other', 'iPhone', false)]

/** 邮寄地址, with the one default that the service keeps. */
function book(method: string, sent: Sent): Reply {
  const [verb, path = ''] = method.split(' ')
  const id = path.split('/')[4]
  const old = addresses.find((address) => address.addressId === id)
  if (id && !old) return refuse(404, 'not-found', '找不到该内容')
  if (verb === 'DELETE') addresses = addresses.filter((address) => address !== old)
  if (verb === 'PATCH' || verb === 'POST') {
    const { phone: number, ...rest } = sent
    const masked = number ? { phone: `${number.slice(0, 3)}****${number.slice(7)}` } : {}
    const made = { addressId: id ?? `a${addresses.length}-${Date.now()}`, ...old, ...rest, ...masked } as Schemas['MailingAddress']
    addresses = [...(old ? addresses.map((address) => (address === old ? made : address)) : [made, ...addresses])]
    if (made.isDefault) addresses = addresses.map((address) => ({ ...address, isDefault: address.addressId === made.addressId }))
  }
  if (addresses.length > 0 && !addresses.some((address) => address.isDefault)) addresses[0]!.isDefault = true
  return verb === 'DELETE' ? { status: 204 } : { status: verb === 'POST' ? 201 : 200, body: addresses }
}
