import { useSignal } from '@preact/signals'
import { NewPassword } from '../account/new-password'
import { PasswordInput } from '../account/password-input'
import { passwordErrors } from '../account/password-rules'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import { MeFrame } from './frame'
import '../account/account.css'

const BLANK = { currentPassword: '', password: '' }

/** 密码管理: the old password, then the new one; it counts from the next sign-in on, other devices are signed out. */
export default function PasswordPage() {
  const form = useForm(BLANK)
  const changed = useSignal(false)
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form

  async function send(event: Event) {
    event.preventDefault()
    changed.value = false
    const missing = {
      ...(!values.currentPassword && { currentPassword: t('current-password-missing') }),
      ...passwordErrors(values.password),
    }
    if (!(await submit(missing, () => outcome(api.PUT('/v1/me/password', { body: values }))))) return
    form.set('currentPassword', '')
    form.set('password', '')
    changed.value = true
  }

  return (
    <MeFrame title={t('me-password')}>
      {changed.value && <Notice tone="pass" title={t('password-changed')} live />}
      <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
        <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
        {problem && <ProblemNotice problem={problem} />}
        <Field name="currentPassword" label={t('current-password')} error={errors.currentPassword} required>
          {(control) => (
            <PasswordInput
              control={control}
              value={values.currentPassword}
              autocomplete="current-password"
              onInput={(value) => form.set('currentPassword', value)}
            />
          )}
        </Field>
        <NewPassword
          label={t('new-password')}
          value={values.password}
          error={errors.password}
          onInput={(value) => form.set('password', value)}
        />
        <div class="actions">
          <Button type="submit" look="primary" busy={busy}>
            {t('password-change')}
          </Button>
        </div>
      </form>
    </MeFrame>
  )
}
