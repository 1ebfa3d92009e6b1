import { useSignal } from '@preact/signals'
import type { Schemas } from '../api/client'
import type { Form } from './form'

/** The state behind a `Captcha`: which puzzle is in force, and asking for another. */
export function useCaptcha<T extends { captcha: string }>(form: Form<T>, purpose: Schemas['NewCaptcha']['purpose']) {
  const captchaId = useSignal('')
  const round = useSignal(0)
  return {
    /** What the component needs. */
    field: {
      purpose,
      value: form.values.captcha,
      error: form.errors.captcha,
      captchaId,
      round,
      onChange: (answer: string) => form.set('captcha', answer as T['captcha']),
    },
    answer: () => ({ captchaId: captchaId.peek(), answer: form.values.captcha.trim() }),
    /** Every puzzle is good once. */
    renew() {
      round.value += 1
      form.set('captcha', '' as T['captcha'])
    },
  }
}
