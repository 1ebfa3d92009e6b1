import { randomId } from './random-id'

const STORAGE_KEY = 'device'

/** A random id of this browser, created once. The service counts message quotas by it; it identifies no person. */
export function deviceId(): string {
  const stored = localStorage.getItem(STORAGE_KEY)
  if (stored) return stored
  const created = randomId()
  localStorage.setItem(STORAGE_KEY, created)
  return created
}
