import { signal } from '@preact/signals'

/** Counts what changed the wallet on this visit; whoever shows the balance asks again. */
export const walletChanges = signal(0)
