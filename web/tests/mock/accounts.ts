/** The accounts' side of the double. */
import type { Schemas } from '../../src/api/client'

export const CAPTCHA_ANSWER = '12'
export const PASSWORD = 'Correct-Horse-7'
export const SMS_CODE = '246810'
export const PHONE = '13810548469'

export interface Reply {
  status: number
  body?: unknown
  headers?: Record<string, string>
}

export const SESSION: Schemas['Session'] = {
  accessToken: 'token',
  tokenType: 'Bearer',
  expiresIn: 600,
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
const signedIn: Reply = { status: 201, body: SESSION, headers: refreshCookie('alive') }

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
  captcha?: Schemas['CaptchaAnswer']
}

export function accounts(method: string, sent: Sent, cookie: string, english: boolean): Reply | undefined {
  const say = (zh: string, en: string) => (english ? en : zh)
  const captchaWrong = () =>
    sent.captcha?.answer === CAPTCHA_ANSWER
      ? undefined
      : refuse(422, 'captcha-wrong', say('验证码不正确', 'The code is wrong'), '/captcha/answer')
  const codeWrong = () => (sent.code === SMS_CODE ? undefined : refuse(422, 'code-wrong', say('短信验证码有误', 'Wrong code'), '/code'))
  const sms: Reply = { status: 202, body: { codeId: 'code-1', resendAt: later(60_000), expiresAt: later(300_000) } }

  switch (method) {
    case 'POST /v1/captchas': {
      const puzzle = sent.kind === 'sum' ? { question: '7 + 5 = ?' } : { image: CAPTCHA_IMAGE }
      return { status: 201, body: { captchaId: `c${Date.now()}`, ...puzzle, expiresAt: later(300_000) } }
    }
    case 'POST /v1/sms-codes':
      return captchaWrong() ?? sms
    case 'POST /v1/sessions':
      if (sent.grant === 'sms') return codeWrong() ?? signedIn
      if (sent.password !== PASSWORD) {
        return captchaWrong() ?? refuse(401, 'credentials-wrong', say('用户名或密码不正确', 'User name or password is wrong'))
      }
      return captchaWrong() ?? signedIn
    case 'POST /v1/sessions/refresh':
      return cookie.includes('__Host-refresh=alive') ? signedIn : refuse(401, 'session-over', '')
    case 'DELETE /v1/sessions/current':
      return { status: 204, headers: refreshCookie('') }
    case 'POST /v1/accounts':
      if (sent.userName === 'taken') return refuse(409, 'user-name-taken', '这个登录账户已被使用', '/userName')
      return captchaWrong() ?? signedIn
    case 'POST /v1/password-resets':
      return captchaWrong() ?? { status: 201, body: { resetToken: 'reset-1', phone: '138****8469', expiresAt: later(900_000) } }
    case 'POST /v1/password-resets/code':
      return sms
    case 'POST /v1/password-resets/verify':
      return codeWrong() ?? { status: 204 }
    case 'POST /v1/password-resets/password':
      return { status: 204 }
    case 'PUT /v1/me/password':
      return sent.currentPassword === PASSWORD ? { status: 204 } : refuse(422, 'password-wrong', '当前密码有误', '/currentPassword')
    case 'POST /v1/me/step-ups':
      if (sent.password !== PASSWORD) return refuse(422, 'password-wrong', '当前密码有误', '/password')
      return { status: 201, body: { stepUpToken: 'step-1', expiresAt: later(300_000) } }
    case 'POST /v1/me/phone':
      return codeWrong() ?? { status: 200, body: { ...SESSION.account, phone: '139****0000' } }
  }
  return undefined
}
