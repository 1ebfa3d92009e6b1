import { useSignal } from '@preact/signals'
import { PasswordInput } from '../account/password-input'
import { PhoneField } from '../account/phone-field'
import { digits, isPhone, SmsCode } from '../account/sms-code'
import { api, outcome, type Outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { account } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'

const BLANK = { password: '', phone: '', captcha: '', code: '' }

/** 绑定登录手机号. A second number replaces the first only after the password proved who is asking. */
export function BindPhone() {
  const form = useForm(BLANK)
  const codeId = useSignal('')
  const bound = useSignal(false)
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form
  const phone = digits(values.phone)
  const changing = account.value?.phone != null

  const ask = () =>
    sending.submit(missing({ phone: isPhone(phone) ? '' : t('phone-wrong'), captcha: values.captcha ? '' : t('captcha-missing') }), () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose: 'bind-phone', phone, captcha: captcha.answer() } })),
    )
  async function send(event: Event) {
    event.preventDefault()
    bound.value = false
    const found = missing({
      password: changing && !values.password ? t('current-password-missing') : '',
      phone: isPhone(phone) ? '' : t('phone-wrong'),
      code: !codeId.value ? t('sms-first') : /^\d{6}$/.test(digits(values.code)) ? '' : t('sms-code-wrong'),
    })
    const made = await submit(found, () =>
      bind({ phone, codeId: codeId.value, code: digits(values.code) }, changing ? values.password : undefined),
    )
    if (!made) return
    account.value = made.data
    bound.value = true
    for (const name of Object.keys(BLANK) as (keyof typeof BLANK)[]) form.set(name, '')
  }

  const refused = problem ?? sending.problem
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <h2>{t(changing ? 'phone-change' : 'phone-bind')}</h2>
      {bound.value && <Notice tone="pass" title={t('phone-bound')} live />}
      <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
      {refused && <ProblemNotice problem={refused} />}
      {changing && (
        <Field name="password" label={t('current-password')} error={errors.password} required>
          {(control) => (
            <PasswordInput
              control={control}
              value={values.password}
              autocomplete="current-password"
              onInput={(value) => form.set('password', value)}
            />
          )}
        </Field>
      )}
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
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t(changing ? 'phone-change' : 'phone-bind')}
        </Button>
      </div>
    </form>
  )
}

const missing = (found: Errors): Errors => Object.fromEntries(Object.entries(found).filter(([, text]) => text !== ''))

async function bind(body: Schemas['NewPhone'], password: string | undefined): Promise<Outcome<Schemas['Account']>> {
  if (password === undefined) return outcome(api.POST('/v1/me/phone', { body }))
  const proof = await outcome(api.POST('/v1/me/step-ups', { body: { purpose: 'change-phone', password } }))
  if (!proof.ok) return proof
  return outcome(api.POST('/v1/me/phone', { body: { ...body, stepUpToken: proof.data.stepUpToken } }))
}
