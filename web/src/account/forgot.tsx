import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice } from '../ui/notice'
import { Page } from '../ui/page'
import { Stepper } from '../ui/stepper'
import { TextField } from '../ui/text-field'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { EMPTY_PASSWORD_PAIR, PasswordPair, passwordErrors } from './password-pair'
import { digits } from './phone-field'
import { SmsCode, smsCodeErrors } from './sms-code'
import './account.css'

const STEPS = ['name', 'verify', 'reset', 'done'] as const

/** 忘记密码: account name, SMS code, new password, done. Unknown names get the same steps, but never a code. */
export default function Forgot() {
  const step = useSignal(0)
  const reset = useSignal<Schemas['PasswordReset'] | undefined>(undefined)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (step.value > 0) heading.current?.focus()
  }, [step.value])
  const next = () => (step.value += 1)
  return (
    <Page title={t('forgot')} narrow>
      <Stepper steps={STEPS.map((name) => t(`forgot-${name}`))} current={step.value} />
      <div class="card stack">
        <h2 ref={heading} tabIndex={-1}>
          {t(`forgot-${STEPS[step.value]}`)}
        </h2>
        {step.value === 0 && (
          <NameStep
            onDone={(created) => {
              reset.value = created
              next()
            }}
          />
        )}
        {step.value === 1 && <VerifyStep reset={reset.value!} onDone={next} />}
        {step.value === 2 && <PasswordStep reset={reset.value!} onDone={next} />}
        {step.value === 3 && (
          <>
            <Notice tone="pass" title={t('forgot-done-title')} live />
            <div>
              <ButtonLink href="/login" variant="primary">
                {t('login')}
              </ButtonLink>
            </div>
          </>
        )}
      </div>
    </Page>
  )
}

interface StepProps {
  reset: Schemas['PasswordReset']
  onDone: () => void
}

function NameStep({ onDone }: { onDone: (reset: Schemas['PasswordReset']) => void }) {
  const form = useForm({ login: '', captcha: '' })
  const captcha = useCaptcha(form, 'recover')
  const { busy, problem, submit } = useSubmit(form, captcha.renew)
  async function onSubmit(event: Event) {
    event.preventDefault()
    const login = form.values.login.trim()
    const localErrors = { ...(!login && { login: t('account-name-missing') }), ...captcha.errors() }
    const body = { login, captcha: captcha.answer() }
    const created = await submit(localErrors, () => outcome(api.POST('/v1/password-resets', { body })))
    if (created) onDone(created.data)
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={['login', 'captcha']} problem={problem} />
      <TextField
        form={form}
        name="login"
        label={t('account-name')}
        hint={t('account-name-hint')}
        required
        input={{ autocomplete: 'username' }}
      />
      <Captcha {...captcha.field} />
      <NextButton busy={busy} />
    </form>
  )
}

function VerifyStep({ reset: { resetToken, phone }, onDone }: StepProps) {
  const form = useForm({ code: '' })
  const codeId = useSignal('')
  const sending = useSubmit(form)
  const { busy, problem, submit } = useSubmit(form)
  const { code } = form.values
  async function onSubmit(event: Event) {
    event.preventDefault()
    const body = { resetToken, codeId: codeId.value, code: digits(code) }
    const call = () => outcome(api.POST('/v1/password-resets/verify', { body }))
    if (await submit(smsCodeErrors(codeId.value, code), call)) onDone()
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={['code']} problem={problem ?? sending.problem} />
      <p>{t('forgot-phone', { phone })}</p>
      <SmsCode
        value={code}
        error={form.errors.code}
        onInput={(value) => form.set('code', value)}
        send={() => sending.submit({}, () => outcome(api.POST('/v1/password-resets/code', { body: { resetToken } })))}
        onSent={(id) => (codeId.value = id)}
      />
      <NextButton busy={busy} />
    </form>
  )
}

function PasswordStep({ reset: { resetToken }, onDone }: StepProps) {
  const form = useForm(EMPTY_PASSWORD_PAIR)
  const { busy, problem, submit } = useSubmit(form)
  async function onSubmit(event: Event) {
    event.preventDefault()
    const body = { resetToken, password: form.values.password }
    const call = () => outcome(api.POST('/v1/password-resets/password', { body }))
    if (await submit(passwordErrors(form.values), call)) onDone()
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={Object.keys(EMPTY_PASSWORD_PAIR)} problem={problem} />
      <PasswordPair form={form} />
      <NextButton busy={busy} />
    </form>
  )
}

function NextButton({ busy }: { busy: boolean }) {
  return (
    <div class="actions">
      <Button type="submit" variant="primary" busy={busy}>
        {t('next')}
      </Button>
      <a href="/login">{t('forgot-back')}</a>
    </div>
  )
}
