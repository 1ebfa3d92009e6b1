import createClient from 'openapi-fetch'
import { config } from '../config'
import { locale } from '../i18n'
import { accessToken, renew } from '../session/token'
import { device } from './device'
import { networkProblem, isProblem, type Problem } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

/** Where a 401 says something else than an expired token. */
const TOKENLESS = /^\/v1\/(sessions|captchas|accounts)$/

function headers(request: Request): Headers {
  const made = new Headers(request.headers)
  made.set('Accept-Language', locale.value)
  made.set('X-Client', 'web/1')
  made.set('X-Device', device())
  if (accessToken.value) made.set('Authorization', `Bearer ${accessToken.value}`)
  return made
}

/** Adds token and language; an expired token is renewed once and the request repeated. */
async function send(request: Request): Promise<Response> {
  const { apiBase } = await config()
  const { pathname, search } = new URL(request.url)
  // Read once: a body handed on as a stream would need HTTP/2, and could not be sent twice.
  const body = request.body ? await request.text() : null
  const { method, signal, cache } = request
  const once = () => fetch(apiBase + pathname + search, { method, headers: headers(request), body, signal, cache })
  const answer = await once()
  if (answer.status !== 401 || TOKENLESS.test(pathname) || !(await renew())) return answer
  return once()
}

export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: send })

export type Outcome<T> = { ok: true; data: T; response: Response } | { ok: false; problem: Problem }

/** One way to read every answer: the data, or the problem the person can act on. */
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
