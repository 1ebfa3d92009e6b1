import { useSignal } from '@preact/signals'
import { PasswordInput } from '../account/password-input'
import { EMPTY_SMS_CODE, useSmsVerification } from '../account/sms-verification'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { account } from '../session'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { useSubmit } from '../ui/use-submit'
import '../account/account.css'

interface Props {
  purpose: Schemas['NewStepUp']['purpose']
  /** Called with a step-up token: valid once, for this purpose, for five minutes. */
  onVerified: (token: string) => void
}

/** 验证身份 by a code sent to the bound phone or by the password. Accounts without a phone have only the password. */
export function StepUp({ purpose, onVerified }: Props) {
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
        <PasswordStepUp purpose={purpose} onVerified={onVerified} />
      ) : (
        <CodeStepUp purpose={purpose} onVerified={onVerified} />
      )}
    </div>
  )
}

function CodeStepUp({ purpose, onVerified }: Props) {
  const form = useForm(EMPTY_SMS_CODE)
  const verification = useSmsVerification(form, 'step-up')
  const { busy, problem, submit } = useSubmit(form)
  async function onSubmit(event: Event) {
    event.preventDefault()
    const body = { purpose, ...verification.values() }
    const created = await submit(verification.errors(), () => outcome(api.POST('/v1/me/step-ups', { body })))
    if (created) onVerified(created.data.stepUpToken)
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={Object.keys(EMPTY_SMS_CODE)} problem={problem ?? verification.problem} />
      {verification.fields}
      <NextButton busy={busy} />
    </form>
  )
}

function PasswordStepUp({ purpose, onVerified }: Props) {
  const form = useForm({ password: '' })
  const { busy, problem, submit } = useSubmit(form)
  const { password } = form.values
  async function onSubmit(event: Event) {
    event.preventDefault()
    const localErrors = password ? {} : { password: t('current-password-missing') }
    const body = { purpose, password }
    const created = await submit(localErrors, () => outcome(api.POST('/v1/me/step-ups', { body })))
    if (created) onVerified(created.data.stepUpToken)
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={['password']} problem={problem} />
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
      <a href="/me">{t('back')}</a>
    </div>
  )
}
