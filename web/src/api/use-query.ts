import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { Outcome } from './client'
import type { Problem } from './problem'

export interface QueryResult<T> {
  data: T | undefined
  problem: Problem | undefined
  busy: boolean
  refetch: () => void
}

/** Runs a query on mount and whenever a dependency changes. Only the latest request sets the result. */
export function useQuery<T>(query: () => Promise<Outcome<T>>, dependencies: unknown[]): QueryResult<T> {
  const data = useSignal<T | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const busy = useSignal(true)
  const latest = useRef(0)

  async function refetch() {
    latest.current += 1
    const request = latest.current
    busy.value = true
    problem.value = undefined
    const result = await query()
    if (request !== latest.current) return
    busy.value = false
    if (result.ok) data.value = result.data
    else problem.value = result.problem
  }
  useEffect(() => {
    void refetch()
    return () => {
      latest.current += 1
    }
  }, dependencies)

  return { data: data.value, problem: problem.value, busy: busy.value, refetch: () => void refetch() }
}
