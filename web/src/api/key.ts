import { useRef } from 'preact/hooks'

/** A fresh idempotency key. `crypto.randomUUID` is missing where the page is not served securely. */
export function freshKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16))
  return [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** One key for each thing that is asked for: repeating it after a lost answer asks for the same. */
export function useKeys(): (...asked: unknown[]) => { 'Idempotency-Key': string } {
  const keys = useRef(new Map<string, string>())
  return (...asked) => {
    const print = JSON.stringify(asked)
    const key = keys.current.get(print) ?? freshKey()
    keys.current.set(print, key)
    return { 'Idempotency-Key': key }
  }
}
