import { signal } from '@preact/signals'

/** Incremented after each change of the wallet; components that show the balance then fetch it again. */
export const walletVersion = signal(0)
