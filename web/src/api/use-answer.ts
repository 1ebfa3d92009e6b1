import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Outcome } from './client'
import type { Problem } from './problem'

export interface Answer<T> {
  data: T | undefined
  problem: Problem | undefined
  busy: boolean
  again: () => void
}

/** Asks when the component appears and whenever `on` changes; only the latest question's answer counts. */
export function useAnswer<T>(ask: () => Promise<Outcome<T>>, on: unknown[]): Answer<T> {
  const data = useSignal<T | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const busy = useSignal(true)
  const latest = useRef(0)

  async function again() {
    const mine = (latest.current += 1)
    busy.value = true
    problem.value = undefined
    const answer = await ask()
    if (mine !== latest.current) return
    busy.value = false
    if (answer.ok) data.value = answer.data
    else problem.value = answer.problem
  }
  useEffect(() => {
    void again()
    return () => {
      latest.current += 1
    }
  }, on)

  return { data: data.value, problem: problem.value, busy: busy.value, again: () => void again() }
}
