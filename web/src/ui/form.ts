import { useSignal, type Signal } from '@preact/signals'

export type Errors = Record<string, string>

export interface Form<T> {
  values: T
  errors: Errors
  /** Counts refused submits, so that each one moves the focus to the summary. */
  refusals: number
  set<K extends keyof T>(name: K, value: T[K]): void
  refuse(errors: Errors): void
  accept(): void
}

/** Values and errors of one form. Validation happens on submit; editing a field clears its own error only. */
export function useForm<T extends object>(initial: T): Form<T> {
  const values: Signal<T> = useSignal(initial)
  const errors = useSignal<Errors>({})
  const refusals = useSignal(0)
  return {
    values: values.value,
    errors: errors.value,
    refusals: refusals.value,
    set(name, value) {
      values.value = { ...values.peek(), [name]: value }
      const { [name as string]: cleared, ...rest } = errors.peek()
      if (cleared !== undefined) errors.value = rest
    },
    refuse(found) {
      errors.value = found
      refusals.value += 1
    },
    accept() {
      errors.value = {}
    },
  }
}
