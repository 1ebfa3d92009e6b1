import { useEffect, useRef } from 'preact/hooks'
import { wait } from '../photos/upload'

const EVERY_MS = 2_000

/** Asks again and again while `on`, and at once when the page is shown again after a visit to the provider. */
export function usePoll(on: boolean, ask: () => Promise<void>, everyMs = EVERY_MS): void {
  const latest = useRef(ask)
  latest.current = ask
  useEffect(() => {
    if (!on) return
    const controller = new AbortController()
    void (async () => {
      while (!controller.signal.aborted) {
        await wait(everyMs, controller.signal)
        if (!controller.signal.aborted && !document.hidden) await latest.current()
      }
    })()
    const shown = () => {
      if (!document.hidden) void latest.current()
    }
    document.addEventListener('visibilitychange', shown)
    return () => {
      controller.abort()
      document.removeEventListener('visibilitychange', shown)
    }
  }, [on])
}
