import { useSignal } from '@preact/signals'
import { PasswordInput } from '../account/password-input'
import { digits, SmsCode } from '../account/sms-code'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { account } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import '../account/account.css'

interface Props {
  purpose: Schemas['NewStepUp']['purpose']
  /** With a token that is good once, for this purpose, for five minutes. */
  onProven: (token: string) => void
}

/** 验证身份: by a code to the bound phone, or by the password; who has no phone has only the password. */
export function StepUp({ purpose, onProven }: Props) {
  const phone = account.value?.phone
  const byPassword = useSignal(!phone)
  return (
    <div class="card stack">
      {phone && (
        <p>
          {byPassword.value ? t('step-up-password') : t('step-up-phone', { phone })}{' '}
          <button type="button" class="link-button" onClick={() => (byPassword.value = !byPassword.value)}>
            {t(byPassword.value ? 'step-up-use-code' : 'step-up-use-password')}
          </button>
        </p>
      )}
      {byPassword.value ? (
        <ByPassword purpose={purpose} onProven={onProven} />
      ) : (
        <ByCode purpose={purpose} onProven={onProven} />
      )}
    </div>
  )
}

function ByCode({ purpose, onProven }: Props) {
  const form = useForm({ captcha: '', code: '' })
  const codeId = useSignal('')
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form

  const ask = () =>
    sending.submit(values.captcha.trim() ? {} : { captcha: t('captcha-missing') }, () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose: 'step-up', captcha: captcha.answer() } })),
    )
  async function send(event: Event) {
    event.preventDefault()
    const code = digits(values.code)
    const missing = {
      ...(!codeId.value ? { code: t('sms-first') } : !/^\d{6}$/.test(code) && { code: t('sms-code-wrong') }),
    }
    const body = { purpose, codeId: codeId.value, code }
    const made = await submit(missing, () => outcome(api.POST('/v1/me/step-ups', { body })))
    if (made) onProven(made.data.stepUpToken)
  }

  const refused = problem ?? sending.problem
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={['captcha', 'code']} />
      {refused && <ProblemNotice problem={refused} />}
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
      <Next busy={busy} />
    </form>
  )
}

function ByPassword({ purpose, onProven }: Props) {
  const form = useForm({ password: '' })
  const { busy, problem, submit } = useSubmit(form)
  const { password } = form.values
  async function send(event: Event) {
    event.preventDefault()
    const missing = password ? {} : { password: t('current-password-missing') }
    const made = await submit(missing, () => outcome(api.POST('/v1/me/step-ups', { body: { purpose, password } })))
    if (made) onProven(made.data.stepUpToken)
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={form.errors} refusals={form.refusals} order={['password']} />
      {problem && <ProblemNotice problem={problem} />}
      <Field name="password" label={t('current-password')} error={form.errors.password} required>
        {(control) => (
          <PasswordInput
            control={control}
            value={password}
            autocomplete="current-password"
            onInput={(value) => form.set('password', value)}
          />
        )}
      </Field>
      <Next busy={busy} />
    </form>
  )
}

function Next({ busy }: { busy: boolean }) {
  return (
    <div class="actions">
      <Button type="submit" look="primary" busy={busy}>
        {t('next')}
      </Button>
      <a href="/me">{t('back')}</a>
    </div>
  )
}
