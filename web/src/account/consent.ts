import { signal } from '@preact/signals'

/** Whether the user agreement was accepted during this visit; the registration form requires it. */
export const consent = signal(false)
