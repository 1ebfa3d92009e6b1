import { useSignal } from '@preact/signals'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { Captcha } from '../ui/captcha'
import type { Errors, Form } from '../ui/form'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { PhoneField } from './phone-field'
import { digits, isPhone, SmsCode } from './sms-code'

export const NO_PROOF = { phone: '', captcha: '', code: '' }

/**
 * A phone and the code that came to it: the fields, and what was given. The captcha guards the sending; the answer to it never
 * tells whether the number is known.
 */
export function usePhoneProof<T extends typeof NO_PROOF>(form: Form<T>, purpose: 'sign-in' | 'bind-phone') {
  const codeId = useSignal('')
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { values, errors } = form
  const phone = digits(values.phone)
  const code = digits(values.code)
  const wrongPhone: Errors = isPhone(phone) ? {} : { phone: t('phone-wrong') }

  const ask = () =>
    sending.submit({ ...wrongPhone, ...(!values.captcha.trim() && { captcha: t('captcha-missing') }) }, () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose, phone, captcha: captcha.answer() } })),
    )
  return {
    /** Why no code was sent. */
    problem: sending.problem,
    given: () => ({ phone, codeId: codeId.value, code }),
    missing: (): Errors => ({
      ...wrongPhone,
      ...(!codeId.value ? { code: t('sms-first') } : !/^\d{6}$/.test(code) && { code: t('sms-code-wrong') }),
    }),
    fields: (
      <>
        <PhoneField
          value={values.phone}
          error={errors.phone}
          onInput={(value) => form.set('phone', value as T['phone'])}
        />
        <Captcha {...captcha.field} />
        <SmsCode
          value={values.code}
          error={errors.code}
          onInput={(value) => form.set('code', value as T['code'])}
          send={ask}
          onSent={(id) => {
            codeId.value = id
            captcha.renew()
          }}
        />
      </>
    ),
  }
}
