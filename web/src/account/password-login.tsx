import { t } from '../i18n'
import { signIn } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { AgreementTick } from './agreement-tick'
import { PasswordInput } from './password-input'

const BLANK = { login: '', password: '', captcha: '', agreement: false }

export function PasswordLogin({ onDone }: { onDone: () => void }) {
  const form = useForm(BLANK)
  const captcha = useCaptcha(form, 'sign-in')
  const { busy, problem, submit } = useSubmit(form, captcha.renew)
  const { values, errors } = form

  async function send(event: Event) {
    event.preventDefault()
    const { password } = values
    const made = await submit(required(values), () =>
      signIn({ grant: 'password', login: values.login.trim(), password, captcha: captcha.answer() }),
    )
    if (made) onDone()
  }

  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
      {problem && <ProblemNotice problem={problem} />}
      <Field name="login" label={t('account-name')} hint={t('account-name-hint')} error={errors.login} required>
        {(control) => (
          <input
            {...control}
            class="control"
            value={values.login}
            autocomplete="username"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => form.set('login', event.currentTarget.value)}
          />
        )}
      </Field>
      <Field
        name="password"
        label={t('password')}
        error={errors.password}
        required
        aside={
          <a class="small" href="/forgot">
            {t('login-forgot')}
          </a>
        }
      >
        {(control) => (
          <PasswordInput
            control={control}
            value={values.password}
            autocomplete="current-password"
            onInput={(value) => form.set('password', value)}
          />
        )}
      </Field>
      <Captcha {...captcha.field} />
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

function required(values: typeof BLANK): Errors {
  const missing: Errors = {}
  if (!values.login.trim()) missing.login = t('account-name-missing')
  if (!values.password) missing.password = t('password-missing')
  if (!values.captcha.trim()) missing.captcha = t('captcha-missing')
  if (!values.agreement) missing.agreement = t('agreement-missing')
  return missing
}
