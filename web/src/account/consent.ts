import { signal } from '@preact/signals'

/** Whether the agreement was accepted on this visit; the registration form asks for it first. */
export const consent = signal(false)
