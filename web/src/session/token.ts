/**
 * The access token lives in memory only. The refresh token is an httpOnly cookie this code never sees; all callers
 * that find their token expired share one renewal.
 */
import { signal } from '@preact/signals'
import type { components } from '../api/schema'
import { config } from '../config'

type Session = components['schemas']['Session']
export type Account = Session['account']

/** Remembers that a refresh cookie is likely there, so that a visitor's first page asks for no token in vain. */
const LIKELY = 'session'

export const accessToken = signal<string | undefined>()
export const account = signal<Account | undefined>()

let renewal: Promise<boolean> | undefined

export function keep(session: Session): void {
  accessToken.value = session.accessToken
  account.value = session.account
  localStorage.setItem(LIKELY, '1')
}

export function forget(): void {
  accessToken.value = undefined
  account.value = undefined
  localStorage.removeItem(LIKELY)
}

export const wasSignedIn = (): boolean => localStorage.getItem(LIKELY) !== null

/** True when a fresh access token is in place; false when the session is over. */
export function renew(): Promise<boolean> {
  renewal ??= ask().finally(() => {
    renewal = undefined
  })
  return renewal
}

async function ask(): Promise<boolean> {
  const { apiBase } = await config()
  try {
    const answer = await fetch(`${apiBase}/v1/sessions/refresh`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: { 'X-Client': 'web/1' },
    })
    if (answer.ok) {
      keep((await answer.json()) as Session)
      return true
    }
    if (answer.status < 500) forget()
  } catch {
    // Offline: the session may well be alive, so nothing is forgotten.
  }
  return false
}
