import { useSignal } from '@preact/signals'
import type { Outcome } from '../api/client'
import { fieldErrors, type Problem } from '../api/problem'
import type { Errors, Form } from './form'

/**
 * The submit of a form. Local errors prevent the request; a problem of the server goes to the fields it names,
 * otherwise it becomes `problem`. `onRejected` runs after each problem, for example to get a new captcha.
 */
export function useSubmit(form: Pick<Form<unknown>, 'setErrors' | 'clearErrors'>, onRejected?: () => void) {
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)

  async function submit<T>(localErrors: Errors, call: () => Promise<Outcome<T>>): Promise<{ data: T } | undefined> {
    if (busy.peek()) return undefined
    problem.value = undefined
    if (Object.keys(localErrors).length > 0) {
      form.setErrors(localErrors)
      return undefined
    }
    form.clearErrors()
    busy.value = true
    const result = await call()
    busy.value = false
    if (result.ok) return { data: result.data }
    onRejected?.()
    const errors = fieldErrors(result.problem)
    if (Object.keys(errors).length > 0) form.setErrors(errors)
    else problem.value = result.problem
    return undefined
  }

  return { busy: busy.value, problem: problem.value, submit }
}
