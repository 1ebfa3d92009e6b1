/**
 * The access token and the signed-in account. The access token is kept in memory only; the refresh token is an httpOnly
 * cookie that scripts cannot read.
 */
import { signal } from '@preact/signals'
import { config } from '../config'
import type { components } from './schema'

type Session = components['schemas']['Session']
export type Account = Session['account']

/** Set while a refresh cookie probably exists, so that a first visit does not ask for a token that cannot exist. */
const SESSION_HINT = 'session'

export const accessToken = signal<string | undefined>()
export const account = signal<Account | undefined>()

let renewal: Promise<boolean> | undefined

export function storeSession(session: Session): void {
  accessToken.value = session.accessToken
  account.value = session.account
  localStorage.setItem(SESSION_HINT, '1')
}

export function clearSession(): void {
  accessToken.value = undefined
  account.value = undefined
  localStorage.removeItem(SESSION_HINT)
}

export const wasSignedIn = (): boolean => localStorage.getItem(SESSION_HINT) !== null

/**
 * Renews the access token; concurrent callers share one request. False when the session has ended or the server is
 * unreachable.
 */
export function renew(): Promise<boolean> {
  renewal ??= requestRenewal().finally(() => {
    renewal = undefined
  })
  return renewal
}

async function requestRenewal(): Promise<boolean> {
  const { apiBase } = await config()
  try {
    const response = await fetch(`${apiBase}/v1/sessions/refresh`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'X-Client': 'web/1' },
    })
    if (response.ok) {
      storeSession((await response.json()) as Session)
      return true
    }
    if (response.status < 500) clearSession()
  } catch {
    // Offline: the session may still be valid, so it is kept.
  }
  return false
}
