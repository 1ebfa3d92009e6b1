import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const SESSION = { accessToken: 'fresh', expiresIn: 600, account: { userName: 'lihua' } }

beforeEach(() => {
  vi.resetModules()
  localStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

/** Imports a fresh module whose refresh requests get the given response. */
async function loadModule(status: number, body: unknown = {}) {
  const fetchStub = vi.fn(async (url: string) =>
    url.endsWith('/config.json') ? Response.json({ apiBase: '/api' }) : Response.json(body, { status }),
  )
  vi.stubGlobal('fetch', fetchStub)
  const token = await import('./access-token')
  const renewals = () => fetchStub.mock.calls.filter(([url]) => url.endsWith('/sessions/refresh')).length
  return { ...token, renewals }
}

test('concurrent renewals share one request', async () => {
  const { renew, accessToken, renewals } = await loadModule(201, SESSION)
  expect(await Promise.all([renew(), renew(), renew()])).toEqual([true, true, true])
  expect(renewals()).toBe(1)
  expect(accessToken.value).toBe('fresh')
})

test('renewal never writes the access token to storage', async () => {
  const { renew } = await loadModule(201, SESSION)
  await renew()
  expect(JSON.stringify({ ...localStorage })).not.toContain('fresh')
})

test('a 401 clears the session hint, a 503 keeps it', async () => {
  localStorage.setItem('session', '1')
  const unavailable = await loadModule(503)
  expect(await unavailable.renew()).toBe(false)
  expect(unavailable.wasSignedIn()).toBe(true)
  vi.resetModules()
  const ended = await loadModule(401)
  expect(await ended.renew()).toBe(false)
  expect(ended.wasSignedIn()).toBe(false)
})
