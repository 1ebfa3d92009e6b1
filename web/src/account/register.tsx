import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { account, register } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { RadioCards } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { Field, FieldGroup } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { AGREEMENT_VERSION } from './agreement-text'
import { consent } from './consent'
import { NewPassword, PasswordAgain } from './new-password'
import { passwordErrors } from './password-rules'
import { PhoneField } from './phone-field'
import { Registered } from './registered'
import { digits, isPhone, SmsCode } from './sms-code'
import './account.css'

const BLANK = {
  kind: 'personal' as 'personal' | 'studio',
  phone: '',
  captcha: '',
  code: '',
  userName: '',
  nickname: '',
  password: '',
  passwordAgain: '',
}
type Values = typeof BLANK
const ORDER = Object.keys(BLANK)

/** 注册: the phone is the name to sign in with; the captcha guards the sending of its code. */
export default function Register() {
  const { route } = useLocation()
  const form = useForm(BLANK)
  const codeId = useSignal('')
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { busy, problem, submit } = useSubmit(form)
  const done = useSignal(false)
  const { values, errors } = form
  const phone = digits(values.phone)

  useEffect(() => {
    if (!consent.value) route('/register', true)
  }, [])

  const ask = () =>
    sending.submit(beforeCode(values), () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose: 'register', phone, captcha: captcha.answer() } })),
    )
  async function send(event: Event) {
    event.preventDefault()
    const made = await submit(check(values, codeId.value), () =>
      register({
        kind: values.kind,
        phone,
        codeId: codeId.value,
        code: digits(values.code),
        ...(values.userName.trim() && { userName: values.userName.trim() }),
        nickname: values.nickname.trim(),
        password: values.password,
        agreement: AGREEMENT_VERSION,
      }),
    )
    if (made) done.value = true
  }

  if (done.value) return <Registered phone={account.value?.phone ?? ''} />
  const refused = problem ?? sending.problem
  const text = (name: 'userName' | 'nickname', required: boolean) => (
    <Field name={name} label={t(`register-${name}`)} hint={t(`register-${name}-hint`)} error={errors[name]} required={required}>
      {(control) => (
        <input
          {...control}
          class="control"
          value={values[name]}
          autocomplete={name === 'userName' ? 'username' : 'nickname'}
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => form.set(name, event.currentTarget.value)}
        />
      )}
    </Field>
  )
  return (
    <Page title={t('register')} lead={t('register-lead')} narrow>
      <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
        <ErrorSummary errors={errors} refusals={form.refusals} order={ORDER} />
        {refused && <ProblemNotice problem={refused} />}
        <FieldGroup name="kind" legend={t('register-kind')} required>
          <RadioCards
            name="kind"
            value={values.kind}
            options={(['personal', 'studio'] as const).map((value) => ({ value, label: t(`register-kind-${value}`) }))}
            onChange={(kind) => form.set('kind', kind as Values['kind'])}
          />
        </FieldGroup>
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
        {text('nickname', true)}
        {text('userName', false)}
        <NewPassword
          label={t('register-password')}
          value={values.password}
          error={errors.password}
          onInput={(value) => form.set('password', value)}
        />
        <PasswordAgain
          value={values.passwordAgain}
          error={errors.passwordAgain}
          onInput={(value) => form.set('passwordAgain', value)}
        />
        <div class="actions">
          <Button type="submit" look="primary" busy={busy}>
            {t('register-submit')}
          </Button>
          <a href="/login">{t('register-have-account')}</a>
        </div>
      </form>
    </Page>
  )
}

function beforeCode(values: Values): Errors {
  return {
    ...(!isPhone(values.phone) && { phone: t('phone-wrong') }),
    ...(!values.captcha.trim() && { captcha: t('captcha-missing') }),
  }
}

function check(values: Values, codeId: string): Errors {
  return {
    ...(!isPhone(values.phone) && { phone: t('phone-wrong') }),
    ...(!codeId ? { code: t('sms-first') } : !/^\d{6}$/.test(digits(values.code)) && { code: t('sms-code-wrong') }),
    ...(!values.nickname.trim() && { nickname: t('register-nickname-missing') }),
    ...passwordErrors(values.password, values.passwordAgain),
  }
}
