import { useSignal } from '@preact/signals'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { Captcha } from '../ui/captcha'
import type { Errors, Form } from '../ui/form'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { digits, isPhone, PhoneField } from './phone-field'
import { SmsCode, smsCodeErrors } from './sms-code'

export const EMPTY_SMS_CODE = { captcha: '', code: '' }
export const EMPTY_PHONE = { phone: '', ...EMPTY_SMS_CODE }

type Purpose = 'register' | 'sign-in' | 'bind-phone' | 'step-up'

/**
 * A captcha, the button that sends a code after it, and the code. Without `phone` the service sends to the number bound
 * to the signed-in account.
 */
export function useSmsVerification<T extends typeof EMPTY_SMS_CODE>(
  form: Form<T>,
  purpose: Purpose,
  phone?: string,
  phoneErrors: Errors = {},
) {
  const codeId = useSignal('')
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { values, errors } = form

  const send = () =>
    sending.submit({ ...phoneErrors, ...captcha.errors() }, () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose, ...(phone && { phone }), captcha: captcha.answer() } })),
    )
  return {
    /** Why no code was sent. */
    problem: sending.problem,
    /** The fields of a request that proves the code. */
    values: () => ({ codeId: codeId.value, code: digits(values.code) }),
    errors: () => smsCodeErrors(codeId.value, values.code),
    fields: (
      <>
        <Captcha {...captcha.field} />
        <SmsCode
          value={values.code}
          error={errors.code}
          onInput={(value) => form.set('code', value as T['code'])}
          send={send}
          onSent={(id) => {
            codeId.value = id
            captcha.renew()
          }}
        />
      </>
    ),
  }
}

/** A phone number and the code sent to it. The service does not reveal whether the number has an account. */
export function usePhoneVerification<T extends typeof EMPTY_PHONE>(form: Form<T>, purpose: Purpose) {
  const phone = digits(form.values.phone)
  const phoneErrors: Errors = isPhone(phone) ? {} : { phone: t('phone-wrong') }
  const sms = useSmsVerification(form, purpose, phone, phoneErrors)
  return {
    problem: sms.problem,
    values: () => ({ phone, ...sms.values() }),
    errors: (): Errors => ({ ...phoneErrors, ...sms.errors() }),
    fields: (
      <>
        <PhoneField form={form} />
        {sms.fields}
      </>
    ),
  }
}
