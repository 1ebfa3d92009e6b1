import { useSignal } from '@preact/signals'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { signIn } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { useForm, type Errors } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { AgreementTick } from './agreement-tick'
import { PhoneField } from './phone-field'
import { digits, isPhone, SmsCode } from './sms-code'

const BLANK = { phone: '', captcha: '', code: '', agreement: false }

/** 短信登录. The captcha guards the sending; the answer to it never tells whether the number is known. */
export function SmsLogin({ onDone }: { onDone: () => void }) {
  const form = useForm(BLANK)
  const codeId = useSignal('')
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form
  const phone = digits(values.phone)

  const ask = () =>
    sending.submit(beforeCode(values), () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose: 'sign-in', phone, captcha: captcha.answer() } })),
    )
  async function send(event: Event) {
    event.preventDefault()
    const code = digits(values.code)
    const made = await submit(required(values, codeId.value), () =>
      signIn({ grant: 'sms', phone, codeId: codeId.value, code }),
    )
    if (made) onDone()
  }

  const refused = problem ?? sending.problem
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
      {refused && <ProblemNotice problem={refused} />}
      <PhoneField value={values.phone} error={errors.phone} onInput={(value) => form.set('phone', value)} />
      <Captcha {...captcha.field} />
      <SmsCode
        value={values.code}
        error={errors.code}
        onInput={(code) => form.set('code', code)}
        send={ask}
        onSent={(id) => {
          codeId.value = id
          captcha.renew()
        }}
      />
      <AgreementTick
        checked={values.agreement}
        error={errors.agreement}
        onChange={(checked) => form.set('agreement', checked)}
      />
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('login')}
        </Button>
      </div>
    </form>
  )
}

function beforeCode(values: typeof BLANK): Errors {
  const missing: Errors = {}
  if (!isPhone(values.phone)) missing.phone = t('phone-wrong')
  if (!values.captcha.trim()) missing.captcha = t('captcha-missing')
  return missing
}

function required(values: typeof BLANK, codeId: string): Errors {
  const missing: Errors = {}
  if (!isPhone(values.phone)) missing.phone = t('phone-wrong')
  if (!codeId) missing.code = t('sms-first')
  else if (!/^\d{6}$/.test(digits(values.code))) missing.code = t('sms-code-wrong')
  if (!values.agreement) missing.agreement = t('agreement-missing')
  return missing
}
