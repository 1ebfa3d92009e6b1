import { useRef } from 'preact/hooks'
import { randomId } from './random-id'

/**
 * Returns a function that maps the content of a request to its `Idempotency-Key` header. Equal content gets the same
 * key for as long as the component lives, so a request repeated after a lost response has no second effect.
 */
export function useIdempotencyKeys(): (...content: unknown[]) => { 'Idempotency-Key': string } {
  const keys = useRef(new Map<string, string>())
  return (...content) => {
    const fingerprint = JSON.stringify(content)
    const key = keys.current.get(fingerprint) ?? randomId()
    keys.current.set(fingerprint, key)
    return { 'Idempotency-Key': key }
  }
}
