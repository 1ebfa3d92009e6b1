import { NewPassword, PasswordAgain } from '../account/new-password'
import { passwordErrors } from '../account/password-rules'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { Button, ButtonLink } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import { ProvenChange } from './proven-change'
import '../account/account.css'

const BLANK = { password: '', passwordAgain: '' }

/** 密码管理: proven by code or the old password; the new one counts from the next sign-in, other devices are signed out. */
export default function PasswordPage() {
  return (
    <ProvenChange
      title={t('me-password')}
      purpose="change-password"
      step={t('password-change')}
      change={(token, done, again) => <Change stepUpToken={token} onDone={done} again={again} />}
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

function Change({ stepUpToken, onDone, again }: { stepUpToken: string; onDone: () => void; again: () => void }) {
  const form = useForm(BLANK)
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form
  async function send(event: Event) {
    event.preventDefault()
    const body = { password: values.password, stepUpToken }
    const missing = passwordErrors(values.password, values.passwordAgain)
    if (await submit(missing, () => outcome(api.PUT('/v1/me/password', { body })))) onDone()
  }
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
      {problem && <ProblemNotice problem={problem} />}
      <NewPassword
        label={t('new-password')}
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
          {t('password-change')}
        </Button>
        <Button onClick={again}>{t('step-up-again')}</Button>
      </div>
    </form>
  )
}
