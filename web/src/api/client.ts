import createClient from 'openapi-fetch'
import { config } from '../config'
import { locale } from '../i18n'
import { accessToken, renew } from '../session/token'
import { networkProblem, isProblem, type Problem } from './problem'
import type { components, paths } from './schema'

export type Schemas = components['schemas']

const TOKENLESS = /\/v1\/(sessions|captchas|agreements)/

function prepare(request: Request): Request {
  request.headers.set('Accept-Language', locale.value)
  request.headers.set('X-Client', 'web/1')
  if (accessToken.value) request.headers.set('Authorization', `Bearer ${accessToken.value}`)
  return request
}

/** Adds token and language; an expired token is renewed once and the request repeated. */
async function send(request: Request): Promise<Response> {
  const { apiBase } = await config
  const url = new URL(request.url)
  const placed = new Request(apiBase + url.pathname + url.search, request)
  const again = placed.clone()
  const answer = await fetch(prepare(placed))
  if (answer.status !== 401 || TOKENLESS.test(url.pathname) || !(await renew())) return answer
  return fetch(prepare(again))
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
