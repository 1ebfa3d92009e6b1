import { afterEach, beforeEach, expect, test, vi } from 'vitest'

const SESSION = { accessToken: 'fresh', expiresIn: 600, account: { userName: 'lihua' } }

beforeEach(() => {
  vi.resetModules()
  localStorage.clear()
})
afterEach(() => vi.unstubAllGlobals())

async function tokens(status: number, body: unknown = {}) {
  const asked = vi.fn(async (url: string) =>
    url.endsWith('/config.json') ? Response.json({ apiBase: '/api' }) : Response.json(body, { status }),
  )
  vi.stubGlobal('fetch', asked)
  const token = await import('./token')
  const renewals = () => asked.mock.calls.filter(([url]) => url.endsWith('/sessions/refresh')).length
  return { ...token, renewals }
}

test('all who find their token expired share one renewal', async () => {
  const { renew, accessToken, renewals } = await tokens(201, SESSION)
  expect(await Promise.all([renew(), renew(), renew()])).toEqual([true, true, true])
  expect(renewals()).toBe(1)
  expect(accessToken.value).toBe('fresh')
})

test('the access token is never stored', async () => {
  const { renew } = await tokens(201, SESSION)
  await renew()
  expect(JSON.stringify({ ...localStorage })).not.toContain('fresh')
})

test('a session that is over is forgotten, a server that fails is not taken for that', async () => {
  localStorage.setItem('session', '1')
  const failing = await tokens(503)
  expect(await failing.renew()).toBe(false)
  expect(failing.wasSignedIn()).toBe(true)
  vi.resetModules()
  const over = await tokens(401)
  expect(await over.renew()).toBe(false)
  expect(over.wasSignedIn()).toBe(false)
})
