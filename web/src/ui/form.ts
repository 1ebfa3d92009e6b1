import { type Signal, useSignal } from '@preact/signals'

/** Messages by field name. */
export type Errors = Record<string, string>

export interface Form<T> {
  values: T
  errors: Errors
  /** Incremented by `setErrors`, so that every rejected submit moves the focus to the error summary. */
  rejections: number
  set<K extends keyof T>(name: K, value: T[K]): void
  setErrors(errors: Errors): void
  clearErrors(): void
}

/** Values and errors of one form. Fields are validated on submit; editing a field clears only its own error. */
export function useForm<T extends object>(initial: T): Form<T> {
  const values: Signal<T> = useSignal(initial)
  const errors = useSignal<Errors>({})
  const rejections = useSignal(0)
  return {
    values: values.value,
    errors: errors.value,
    rejections: rejections.value,
    set(name, value) {
      values.value = { ...values.peek(), [name]: value }
      const { [name as string]: cleared, ...rest } = errors.peek()
      if (cleared !== undefined) errors.value = rest
    },
    setErrors(found) {
      errors.value = found
      rejections.value += 1
    },
    clearErrors() {
      errors.value = {}
    },
  }
}
