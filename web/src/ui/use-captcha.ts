import { useSignal } from '@preact/signals'
import type { Schemas } from '../api/client'
import { t } from '../i18n'
import type { Errors, Form } from './form'

/** The captcha of a form: the props of its `Captcha`, its answer for a request, and its validation. */
export function useCaptcha<T extends { captcha: string }>(form: Form<T>, purpose: Schemas['NewCaptcha']['purpose']) {
  const captchaId = useSignal('')
  const round = useSignal(0)
  return {
    /** Props of the `Captcha` component. */
    field: {
      purpose,
      value: form.values.captcha,
      error: form.errors.captcha,
      captchaId,
      round,
      onChange: (answer: string) => form.set('captcha', answer as T['captcha']),
    },
    answer: () => ({ captchaId: captchaId.peek(), answer: form.values.captcha.trim() }),
    errors: (): Errors => (form.values.captcha.trim() ? {} : { captcha: t('captcha-missing') }),
    /** Requests another captcha: the service accepts each one once. */
    renew() {
      round.value += 1
      form.set('captcha', '' as T['captcha'])
    },
  }
}
