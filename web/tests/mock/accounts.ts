import type { Schemas } from '../../src/api/client'
import { fromNow, problem, type Reply } from './reply'

export const CAPTCHA_ANSWER = '12'
export const PASSWORD = 'Correct-Horse-7'
export const SMS_CODE = '246810'
export const PHONE = '13810548469'
/** Bound to another account. */
export const TAKEN_PHONE = '13900000001'
/** User name of an imported account, which has no phone. */
export const IMPORTED_USER = 'laozhang'

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

const CAPTCHA_IMAGE = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="132" height="44"><rect width="132" height="44" fill="#fff"/>' +
    '<path d="M4 30q30-24 60-6t64-10" stroke="#9aa7ba" fill="none"/>' +
    '<text x="18" y="31" font-size="25" font-family="serif" letter-spacing="5" fill="#24405f">7 + 5 =</text></svg>',
)}`

const refreshCookie = (value: string) => ({
  'Set-Cookie': `__Host-refresh=${value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=${value ? 3600 : 0}`,
})
const signedIn: Reply = { status: 201, body: SESSION, headers: refreshCookie('alive') }
const signedInWithoutPhone: Reply = {
  ...signedIn,
  body: {
    ...SESSION,
    scope: 'bind-phone',
    needPhone: true,
    account: { ...SESSION.account, phone: undefined },
  },
}

/** The fields of all request bodies of the account routes. */
interface RequestBody {
  grant?: string
  kind?: string
  userName?: string
  password?: string
  code?: string
  login?: string
  nickname?: string
  token?: string
  phone?: string
  isDefault?: boolean
  stepUpToken?: string
  captcha?: Schemas['CaptchaAnswer']
}

interface Context {
  body: RequestBody
  cookie: string
  english: boolean
}

/** The account routes for one account. */
export class MockAccounts {
  /** State of the latest QR sign-in, as the mobile app would set it. */
  qrState: 'waiting' | 'scanned' | 'denied' | 'expired' | 'confirmed' = 'waiting'
  private readonly captchas = new Set<string>()
  private captchaCount = 0
  private addresses: Schemas['MailingAddress'][] = []
  private addressCount = 0
  private emailLinks = 0
  private readonly usedEmailLinks = new Set<string>()
  private sessions = [session('this', 'Chrome · Windows', true), session('other', 'iPhone', false)]

  /** Path and fragment of the latest activation e-mail. */
  emailLink(): string {
    return `/activate-email#link-${this.emailLinks}`
  }

  answer(route: string, context: Context): Reply | undefined {
    return this.answerSignIn(route, context) ?? this.answerOwnAccount(route, context)
  }

  private answerSignIn(route: string, { body, cookie, english }: Context): Reply | undefined {
    const say = (zh: string, en: string) => (english ? en : zh)
    switch (route) {
      case 'POST /v1/captchas': {
        const content = body.kind === 'sum' ? { question: '7 + 5 = ?' } : { image: CAPTCHA_IMAGE }
        this.captchaCount += 1
        const captchaId = `captcha-${this.captchaCount}`
        this.captchas.add(captchaId)
        return { status: 201, body: { captchaId, ...content, expiresAt: fromNow(300_000) } }
      }
      case 'POST /v1/sms-codes':
        return this.captchaProblem(body, english) ?? sentCode()
      case 'POST /v1/sessions':
        if (body.grant === 'sms') return codeProblem(body, english) ?? signedIn
        return (
          this.captchaProblem(body, english) ??
          (body.password !== PASSWORD
            ? problem(401, 'credentials-wrong', say('用户名或密码不正确', 'User name or password is wrong'))
            : body.login === IMPORTED_USER
              ? signedInWithoutPhone
              : signedIn)
        )
      case 'POST /v1/sessions/refresh':
        return cookie.includes('__Host-refresh=alive') ? signedIn : problem(401, 'session-over', '')
      case 'DELETE /v1/sessions/current':
        return { status: 204, headers: refreshCookie('') }
      case 'POST /v1/accounts':
        if (body.userName === 'taken') return problem(409, 'user-name-taken', '这个登录账户已被使用', '/userName')
        return codeProblem(body, english) ?? signedIn
      case 'POST /v1/password-resets':
        return (
          this.captchaProblem(body, english) ?? {
            status: 201,
            body: { resetToken: 'reset-1', phone: '138****8469', expiresAt: fromNow(900_000) },
          }
        )
      case 'POST /v1/password-resets/code':
        return sentCode()
      case 'POST /v1/password-resets/verify':
        return codeProblem(body, english) ?? { status: 204 }
      case 'POST /v1/password-resets/password':
        return { status: 204 }
      case 'POST /v1/qr-sign-ins':
        this.qrState = 'waiting'
        return {
          status: 201,
          body: { qrId: 'qr-1', content: 'idphoto:sign-in:qr-1', number: '47', expiresAt: fromNow(120_000) },
        }
      case 'POST /v1/qr-sign-ins/qr-1/claim':
        return this.qrState === 'confirmed' ? signedIn : { status: 200, body: { state: this.qrState } }
    }
    return undefined
  }

  private answerOwnAccount(route: string, { body, english }: Context): Reply | undefined {
    switch (route) {
      case 'PUT /v1/me/password':
        return body.stepUpToken === 'step-1' ? { status: 204 } : problem(403, 'step-up-needed', '请先验证身份')
      case 'POST /v1/me/step-ups': {
        const byPassword = body.password !== undefined
        if (byPassword && body.password !== PASSWORD) return problem(422, 'password-wrong', '当前密码有误', '/password')
        const created = { status: 201, body: { stepUpToken: 'step-1', expiresAt: fromNow(300_000) } }
        return (byPassword ? undefined : codeProblem(body, english)) ?? created
      }
      case 'POST /v1/me/phone':
        if (body.phone === TAKEN_PHONE) return problem(409, 'phone-taken', '该手机号已注册', '/phone')
        return codeProblem(body, english) ?? { status: 200, body: { ...SESSION.account, phone: '139****0000' } }
      case 'PATCH /v1/me':
        return { status: 200, body: { ...SESSION.account, nickname: body.nickname } }
      case 'POST /v1/me/email': {
        const wrong = this.captchaProblem(body, english)
        if (wrong) return wrong
        this.emailLinks += 1
        return { status: 202, body: { email: 'zha***@example.cn', expiresAt: fromNow(86_400_000) } }
      }
      case 'POST /v1/me/email/confirmations':
        return this.confirmEmail(body.token ?? '')
      case 'GET /v1/sessions':
        return { status: 200, body: this.sessions }
      case 'DELETE /v1/sessions/other':
        this.sessions = this.sessions.filter(({ current }) => current)
        return { status: 204 }
    }
    return route.includes(' /v1/me/addresses') ? this.answerAddresses(route, body) : undefined
  }

  private confirmEmail(token: string): Reply {
    if (token !== `link-${this.emailLinks}`) return problem(404, 'email-link-unknown', '激活链接无效')
    if (this.usedEmailLinks.has(token)) return problem(409, 'email-link-used', '激活链接已使用过')
    this.usedEmailLinks.add(token)
    return { status: 200, body: { ...SESSION.account, email: 'zha***@example.cn' } }
  }

  /** The error of a wrong captcha answer. Each captcha is accepted once. */
  private captchaProblem({ captcha }: RequestBody, english: boolean): Reply | undefined {
    const known = this.captchas.delete(captcha?.captchaId ?? '')
    if (known && captcha?.answer === CAPTCHA_ANSWER) return undefined
    return problem(422, 'captcha-wrong', english ? 'The code is wrong' : '验证码不正确', '/captcha/answer')
  }

  /** 邮寄地址. Exactly one address is the default, as in the service. */
  private answerAddresses(route: string, body: RequestBody): Reply {
    const [verb, path = ''] = route.split(' ')
    const id = path.split('/')[4]
    const existing = this.addresses.find(({ addressId }) => addressId === id)
    if (id && !existing) return problem(404, 'not-found', '找不到该内容')
    if (verb === 'DELETE') this.addresses = this.addresses.filter((address) => address !== existing)
    if (verb === 'PATCH' || verb === 'POST') this.saveAddress(existing, body)
    const [first] = this.addresses
    if (first && !this.addresses.some(({ isDefault }) => isDefault)) first.isDefault = true
    return verb === 'DELETE' ? { status: 204 } : { status: verb === 'POST' ? 201 : 200, body: this.addresses }
  }

  private saveAddress(existing: Schemas['MailingAddress'] | undefined, { phone, ...rest }: RequestBody): void {
    this.addressCount += 1
    const addressId = existing?.addressId ?? `address-${this.addressCount}`
    const masked = phone ? { phone: `${phone.slice(0, 3)}****${phone.slice(7)}` } : {}
    const saved = { ...existing, ...rest, ...masked, addressId } as Schemas['MailingAddress']
    const others = this.addresses.filter((address) => address !== existing)
    if (saved.isDefault) for (const address of others) address.isDefault = false
    this.addresses = existing
      ? this.addresses.map((address) => (address === existing ? saved : address))
      : [saved, ...this.addresses]
  }
}

const sentCode = (): Reply => ({
  status: 202,
  body: { codeId: 'code-1', resendAt: fromNow(60_000), expiresAt: fromNow(300_000) },
})

function codeProblem({ code }: RequestBody, english: boolean): Reply | undefined {
  return code === SMS_CODE ? undefined : problem(422, 'code-wrong', english ? 'Wrong code' : '短信验证码有误', '/code')
}

function session(sessionId: string, device: string, current: boolean): Schemas['SessionItem'] {
  const at = '2026-03-01T08:00:00Z'
  return { sessionId, device, address: '192.0.2.1', startedAt: at, usedAt: at, current }
}
