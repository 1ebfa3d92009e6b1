import createClient from 'openapi-fetch'
import { config } from '../config'
import { locale } from '../i18n'
import { accessToken, renew } from './access-token'
import { deviceId } from './device'
import { isProblem, networkProblem, type Problem } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** Routes that need no access token: their 401 means wrong credentials, so renewing the token would not help. */
const WITHOUT_TOKEN = /^\/v1\/(sessions|captchas|accounts)$/

function headers(request: Request): Headers {
  const result = new Headers(request.headers)
  result.set('Accept-Language', locale.value)
  result.set('X-Client', 'web/1')
  result.set('X-Device', deviceId())
  if (accessToken.value) result.set('Authorization', `Bearer ${accessToken.value}`)
  return result
}

/** Adds token and language. On a 401 the access token is renewed and the request is repeated once. */
async function send(request: Request): Promise<Response> {
  const { apiBase } = await config()
  const { pathname, search } = new URL(request.url)
  // As text, because a stream would need HTTP/2 and could not be sent twice.
  const body = request.body ? await request.text() : null
  const { method, signal, cache } = request
  const attempt = () => fetch(apiBase + pathname + search, { method, headers: headers(request), body, signal, cache })
  const response = await attempt()
  if (response.status !== 401 || WITHOUT_TOKEN.test(pathname) || !(await renew())) return response
  return attempt()
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send })

export type Outcome<T> = { ok: true; data: T; response: Response } | { ok: false; problem: Problem }

/** Turns a call of `api` into data or problem. A missing response is `networkProblem`; only an abort throws. */
export async function outcome<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<Outcome<T>> {
  try {
    const { data, error, response } = await call
    if (response.ok) return { ok: true, data: data as T, response }
    if (isProblem(error)) return { ok: false, problem: error }
    return { ok: false, problem: { code: 'unexpected', title: '', status: response.status } }
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    return { ok: false, problem: networkProblem }
  }
}
