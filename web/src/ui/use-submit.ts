import { useSignal } from '@preact/signals'
import type { Outcome } from '../api/client'
import { fieldErrors, type Problem } from '../api/problem'
import type { Errors } from './form'

interface Refusable {
  refuse(errors: Errors): void
  accept(): void
}

/**
 * The way of every form: what is missing is said without asking; a refusal goes to its fields, or above the form when it
 * names none. `onRefused` runs after the server refused, for example to get a new captcha.
 */
export function useSubmit(form: Refusable, onRefused?: () => void) {
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)

  async function submit<T>(missing: Errors, call: () => Promise<Outcome<T>>): Promise<{ data: T } | undefined> {
    if (busy.peek()) return undefined
    problem.value = undefined
    if (Object.keys(missing).length > 0) {
      form.refuse(missing)
      return undefined
    }
    form.accept()
    busy.value = true
    const answer = await call()
    busy.value = false
    if (answer.ok) return { data: answer.data }
    onRefused?.()
    const refused = fieldErrors(answer.problem)
    if (Object.keys(refused).length > 0) form.refuse(refused)
    else problem.value = answer.problem
    return undefined
  }

  return { busy: busy.value, problem: problem.value, submit }
}
