import { computed, signal } from '@preact/signals'
import { api, outcome, type Outcome, type Schemas } from '../api/client'
import { accessToken, forget, keep, renew, wasSignedIn } from './token'

export { account, renew } from './token'

/** Whether the first renewal, which picks up an earlier visit's session, has answered. */
const asked = signal(false)

/** `unknown` until then; a session that ends later turns a member into a visitor. */
export const phase = computed<'unknown' | 'visitor' | 'member'>(() =>
  accessToken.value ? 'member' : asked.value ? 'visitor' : 'unknown',
)
export const signedIn = computed(() => phase.value === 'member')

/** Picks up the session of an earlier visit, if there is one. */
export async function resume(): Promise<void> {
  if (wasSignedIn()) await renew()
  asked.value = true
}

function enter(made: Outcome<Schemas['Session']>): Outcome<Schemas['Session']> {
  if (made.ok) keep(made.data)
  return made
}

export const signIn = async (body: Schemas['NewSession']) => remind(enter(await outcome(api.POST('/v1/sessions', { body }))))

/** Set after signing in to an account of the old system, which has no phone yet; the page then asks for one, once. */
export const phoneWanted = signal(false)

function remind(made: Outcome<Schemas['Session']>): Outcome<Schemas['Session']> {
  phoneWanted.value = made.ok && made.data.needPhone
  return made
}

/** Asks whether the app has said yes: `in` when this page is signed in now, nothing when nobody could be asked. */
export async function claimQr(qrId: string): Promise<'in' | 'waiting' | 'scanned' | 'denied' | 'expired' | undefined> {
  const answer = await outcome(api.POST('/v1/qr-sign-ins/{qrId}/claim', { params: { path: { qrId } } }))
  if (!answer.ok) return answer.problem.status === 404 ? 'expired' : undefined
  if ('accessToken' in answer.data) {
    keep(answer.data)
    return 'in'
  }
  const { state } = answer.data
  return state === 'waiting' || state === 'scanned' || state === 'denied' ? state : 'expired'
}

/** A new account is signed in at once. */
export const register = async (body: Schemas['NewAccount']) => enter(await outcome(api.POST('/v1/accounts', { body })))

/** The server is told, but the browser forgets even when it cannot be reached. */
export async function signOut(): Promise<void> {
  await outcome(api.DELETE('/v1/sessions/current'))
  forget()
}
