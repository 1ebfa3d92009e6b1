/** A fresh idempotency key. `crypto.randomUUID` is missing where the page is not served securely. */
export function freshKey(): string {
  const random = crypto.getRandomValues(new Uint8Array(16))
  return [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
