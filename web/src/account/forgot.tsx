import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { Stepper } from '../ui/stepper'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { NewPassword, PasswordAgain } from './new-password'
import { passwordErrors } from './password-rules'
import { digits, SmsCode } from './sms-code'
import './account.css'

const STEPS = ['name', 'verify', 'reset', 'done'] as const

/** 忘记密码: name, code, new password, done. An unknown name walks the same way and never gets a code. */
export default function Forgot() {
  const at = useSignal(0)
  const reset = useSignal<Schemas['PasswordReset'] | undefined>(undefined)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (at.value > 0) heading.current?.focus()
  }, [at.value])
  const next = () => (at.value += 1)
  return (
    <Page title={t('forgot')} narrow>
      <Stepper steps={STEPS.map((step) => t(`forgot-${step}`))} at={at.value} />
      <div class="card stack">
        <h2 ref={heading} tabIndex={-1}>
          {t(`forgot-${STEPS[at.value]}`)}
        </h2>
        {at.value === 0 && (
          <NameStep
            onDone={(made) => {
              reset.value = made
              next()
            }}
          />
        )}
        {at.value === 1 && <VerifyStep reset={reset.value!} onDone={next} />}
        {at.value === 2 && <PasswordStep reset={reset.value!} onDone={next} />}
        {at.value === 3 && (
          <>
            <Notice tone="pass" title={t('forgot-done-title')} live />
            <div>
              <ButtonLink href="/login" look="primary">
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
  const { values, errors } = form
  async function send(event: Event) {
    event.preventDefault()
    const missing = {
      ...(!values.login.trim() && { login: t('account-name-missing') }),
      ...(!values.captcha.trim() && { captcha: t('captcha-missing') }),
    }
    const body = { login: values.login.trim(), captcha: captcha.answer() }
    const made = await submit(missing, () => outcome(api.POST('/v1/password-resets', { body })))
    if (made) onDone(made.data)
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={['login', 'captcha']} />
      {problem && <ProblemNotice problem={problem} />}
      <Field name="login" label={t('account-name')} hint={t('account-name-hint')} error={errors.login} required>
        {(control) => (
          <input
            {...control}
            class="control"
            value={values.login}
            autocomplete="username"
            onInput={(event) => form.set('login', event.currentTarget.value)}
          />
        )}
      </Field>
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
  async function send(event: Event) {
    event.preventDefault()
    const body = { resetToken, codeId: codeId.value, code: digits(form.values.code) }
    const missing = {
      ...(!codeId.value ? { code: t('sms-first') } : !/^\d{6}$/.test(body.code) && { code: t('sms-code-wrong') }),
    }
    if (await submit(missing, () => outcome(api.POST('/v1/password-resets/verify', { body })))) onDone()
  }
  const refused = problem ?? sending.problem
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={form.errors} refusals={form.refusals} order={['code']} />
      {refused && <ProblemNotice problem={refused} />}
      <p>{t('forgot-phone', { phone })}</p>
      <SmsCode
        value={form.values.code}
        error={form.errors.code}
        onInput={(code) => form.set('code', code)}
        send={() => sending.submit({}, () => outcome(api.POST('/v1/password-resets/code', { body: { resetToken } })))}
        onSent={(id) => (codeId.value = id)}
      />
      <NextButton busy={busy} />
    </form>
  )
}

function PasswordStep({ reset: { resetToken }, onDone }: StepProps) {
  const form = useForm({ password: '', passwordAgain: '' })
  const { busy, problem, submit } = useSubmit(form)
  const { password, passwordAgain } = form.values
  async function send(event: Event) {
    event.preventDefault()
    const body = { resetToken, password }
    const call = () => outcome(api.POST('/v1/password-resets/password', { body }))
    if (await submit(passwordErrors(password, passwordAgain), call)) onDone()
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={form.errors} refusals={form.refusals} order={['password', 'passwordAgain']} />
      {problem && <ProblemNotice problem={problem} />}
      <NewPassword value={password} error={form.errors.password} onInput={(value) => form.set('password', value)} />
      <PasswordAgain
        value={passwordAgain}
        error={form.errors.passwordAgain}
        onInput={(value) => form.set('passwordAgain', value)}
      />
      <NextButton busy={busy} />
    </form>
  )
}

function NextButton({ busy }: { busy: boolean }) {
  return (
    <div class="actions">
      <Button type="submit" look="primary" busy={busy}>
        {t('next')}
      </Button>
      <a href="/login">{t('forgot-back')}</a>
    </div>
  )
}
