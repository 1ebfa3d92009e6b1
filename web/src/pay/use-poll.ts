import { useEffect } from 'preact/hooks'
import { wait } from '../photos/upload'

const EVERY_MS = 2_000

/** Asks again and again while `on`, and at once when the page is shown again after a visit to the provider. */
export function usePoll(on: boolean, ask: () => Promise<void>): void {
  useEffect(() => {
    if (!on) return
    const controller = new AbortController()
    void (async () => {
      while (!controller.signal.aborted) {
        await wait(EVERY_MS, controller.signal)
        if (!controller.signal.aborted && !document.hidden) await ask()
      }
    })()
    const shown = () => {
      if (!document.hidden) void ask()
    }
    document.addEventListener('visibilitychange', shown)
    return () => {
      controller.abort()
      document.removeEventListener('visibilitychange', shown)
    }
  }, [on])
}
