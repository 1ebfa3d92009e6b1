import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { fieldErrors, type Problem } from '../api/problem'
import { t } from '../i18n'
import { signIn } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { AgreementTick } from './agreement-tick'
import { PasswordInput } from './password-input'

const ORDER = ['login', 'password', 'captcha', 'agreement']

export default function Login() {
  const { query, route } = useLocation()
  const form = useForm({ login: '', password: '', captcha: '', agreement: false })
  const captchaId = useSignal('')
  const captchaRound = useSignal(0)
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const { values, errors } = form

  async function submit(event: Event) {
    event.preventDefault()
    problem.value = undefined
    const missing = required(values)
    if (Object.keys(missing).length > 0) return form.refuse(missing)
    form.accept()
    busy.value = true
    const made = await signIn({
      grant: 'password',
      login: values.login.trim(),
      password: values.password,
      captcha: { captchaId: captchaId.value, answer: values.captcha.trim() },
    })
    busy.value = false
    if (made.ok) return route(localPath(query.next), true)
    captchaRound.value += 1
    form.set('captcha', '')
    const refused = fieldErrors(made.problem)
    if (Object.keys(refused).length > 0) form.refuse(refused)
    else problem.value = made.problem
  }

  return (
    <Page title={t('login')} lead={t('login-lead')} narrow>
      <form class="card stack" noValidate onSubmit={(event) => void submit(event)}>
        <ErrorSummary errors={errors} refusals={form.refusals} order={ORDER} />
        {problem.value && <ProblemNotice problem={problem.value} />}
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
        <Field name="password" label={t('password')} error={errors.password} required>
          {(control) => (
            <PasswordInput
              control={control}
              value={values.password}
              autocomplete="current-password"
              onInput={(value) => form.set('password', value)}
            />
          )}
        </Field>
        <Captcha
          purpose="sign-in"
          value={values.captcha}
          error={errors.captcha}
          captchaId={captchaId}
          round={captchaRound}
          onChange={(answer) => form.set('captcha', answer)}
        />
        <AgreementTick
          checked={values.agreement}
          error={errors.agreement}
          onChange={(checked) => form.set('agreement', checked)}
        />
        <div class="actions">
          <Button type="submit" look="primary" busy={busy.value}>
            {t('login')}
          </Button>
          <a href="/register">{t('login-no-account')}</a>
        </div>
      </form>
    </Page>
  )
}

function required(values: { login: string; password: string; captcha: string; agreement: boolean }): Errors {
  const missing: Errors = {}
  if (!values.login.trim()) missing.login = t('account-name-missing')
  if (!values.password) missing.password = t('password-missing')
  if (!values.captcha.trim()) missing.captcha = t('captcha-missing')
  if (!values.agreement) missing.agreement = t('agreement-missing')
  return missing
}

/** Only ever back into this site: an address from the query may name no other host. */
export function localPath(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : '/'
}
