import { computed, signal } from '@preact/signals'
import { accessToken, clearSession, renew, storeSession, wasSignedIn } from '../api/access-token'
import { api, type Outcome, outcome, type Schemas } from '../api/client'

export { account, renew } from '../api/access-token'

/** Whether the attempt to resume an earlier session has finished. */
const resumed = signal(false)

/** `unknown` until `resume` has finished; `signed-out` again when a session ends. */
export const sessionState = computed<'unknown' | 'signed-out' | 'signed-in'>(() =>
  accessToken.value ? 'signed-in' : resumed.value ? 'signed-out' : 'unknown',
)
export const signedIn = computed(() => sessionState.value === 'signed-in')

/** Resumes the session of an earlier visit, if there is one. */
export async function resume(): Promise<void> {
  if (wasSignedIn()) await renew()
  resumed.value = true
}

type SessionOutcome = Outcome<Schemas['Session']>

function storeIfCreated(created: SessionOutcome): SessionOutcome {
  if (created.ok) storeSession(created.data)
  return created
}

/** True after signing in to an imported account without a phone, until the prompt to bind one is closed. */
export const phonePromptOpen = signal(false)

export async function signIn(body: Schemas['NewSession']): Promise<SessionOutcome> {
  const created = storeIfCreated(await outcome(api.POST('/v1/sessions', { body })))
  phonePromptOpen.value = created.ok && created.data.needPhone
  return created
}

/**
 * Polls a QR sign-in. `signed-in` also stores the new session; `undefined` when the request failed and can be repeated.
 */
export async function claimQr(
  qrId: string,
): Promise<'signed-in' | 'waiting' | 'scanned' | 'denied' | 'expired' | undefined> {
  const claim = await outcome(api.POST('/v1/qr-sign-ins/{qrId}/claim', { params: { path: { qrId } } }))
  if (!claim.ok) return claim.problem.status === 404 ? 'expired' : undefined
  if ('accessToken' in claim.data) {
    storeSession(claim.data)
    return 'signed-in'
  }
  const { state } = claim.data
  return state === 'waiting' || state === 'scanned' || state === 'denied' ? state : 'expired'
}

/** Creates an account and signs in to it. */
export const register = async (body: Schemas['NewAccount']) =>
  storeIfCreated(await outcome(api.POST('/v1/accounts', { body })))

/** Ends the session on the server; this browser forgets it even when the request fails. */
export async function signOut(): Promise<void> {
  await outcome(api.DELETE('/v1/sessions/current'))
  clearSession()
}
