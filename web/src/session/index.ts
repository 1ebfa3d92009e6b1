import { computed, signal } from '@preact/signals'
import { api, outcome, type Outcome, type Schemas } from '../api/client'
import { accessToken, forget, keep, renew, wasSignedIn } from './token'

export type Account = Schemas['Account']

/** `unknown` until the first renewal has answered. */
export const phase = signal<'unknown' | 'visitor' | 'member'>('unknown')
export const account = signal<Account | undefined>()
export const signedIn = computed(() => phase.value === 'member')

async function introduce(): Promise<void> {
  const me = await outcome(api.GET('/v1/me'))
  if (me.ok) account.value = me.data
  phase.value = accessToken.value ? 'member' : 'visitor'
}

/** Picks up the session of an earlier visit, if there is one. */
export async function resume(): Promise<void> {
  if (wasSignedIn() && (await renew())) await introduce()
  else phase.value = 'visitor'
}

async function enter(made: Outcome<Schemas['Session']>): Promise<Outcome<Schemas['Session']>> {
  if (made.ok) {
    keep(made.data.accessToken)
    await introduce()
  }
  return made
}

export const signIn = async (body: Schemas['NewSession']) => enter(await outcome(api.POST('/v1/sessions', { body })))

/** A new account is signed in at once. */
export const register = async (body: Schemas['NewAccount']) => enter(await outcome(api.POST('/v1/accounts', { body })))

/** The server is told, but the browser forgets even when it cannot be reached. */
export async function signOut(): Promise<void> {
  await outcome(api.DELETE('/v1/sessions/current'))
  forget()
  account.value = undefined
  phase.value = 'visitor'
}
