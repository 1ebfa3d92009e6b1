import { useEffect, useRef } from 'preact/hooks'
import { wait } from './wait'

const INTERVAL_MS = 2_000

/**
 * Calls `poll` at every interval while `active` is true and the page is visible, and once more when a hidden page
 * becomes visible: the customer may have paid on the payment provider's page in the meantime.
 */
export function usePoll(active: boolean, poll: () => Promise<void>, intervalMs = INTERVAL_MS): void {
  const latest = useRef(poll)
  latest.current = poll
  useEffect(() => {
    if (!active) return
    const controller = new AbortController()
    void (async () => {
      while (!controller.signal.aborted) {
        await wait(intervalMs, controller.signal)
        if (!controller.signal.aborted && !document.hidden) await latest.current()
      }
    })()
    const onVisible = () => {
      if (!document.hidden) void latest.current()
    }
    document.addEventListener('visibilitychange', onVisible)
    return () => {
      controller.abort()
      document.removeEventListener('visibilitychange', onVisible)
    }
  }, [active])
}
