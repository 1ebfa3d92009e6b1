import { EMPTY_PASSWORD_PAIR, PasswordPair, passwordErrors } from '../account/password-pair'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import { type ChangeProps, StepUpFlow } from './step-up-flow'
import '../account/account.css'

/** 密码管理: sets a new password after a step-up. The service then signs out all other devices. */
export default function PasswordPage() {
  return (
    <StepUpFlow
      title={t('me-password')}
      purpose="change-password"
      changeTitle={t('password-change')}
      change={(props) => <PasswordForm {...props} />}
      done={
        <div class="card stack">
          <Notice tone="pass" title={t('password-changed')} live />
          <div class="actions">
            <ButtonLink href="/me">{t('me-profile')}</ButtonLink>
          </div>
        </div>
      }
    />
  )
}

function PasswordForm({ stepUpToken, onDone, onRestart }: ChangeProps) {
  const form = useForm(EMPTY_PASSWORD_PAIR)
  const { busy, problem, submit } = useSubmit(form)
  async function onSubmit(event: Event) {
    event.preventDefault()
    const body = { password: form.values.password, stepUpToken }
    if (await submit(passwordErrors(form.values), () => outcome(api.PUT('/v1/me/password', { body })))) onDone()
  }
  return (
    <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={Object.keys(EMPTY_PASSWORD_PAIR)} problem={problem} />
      <PasswordPair form={form} label={t('new-password')} />
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy}>
          {t('password-change')}
        </Button>
        <Button onClick={onRestart}>{t('step-up-again')}</Button>
      </div>
    </form>
  )
}
