import { t } from '../i18n'
import { signIn } from '../session'
import { Button } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { type Errors, useForm } from '../ui/form'
import { TextField } from '../ui/text-field'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { AgreementTick } from './agreement-tick'
import { PasswordInput } from './password-input'

const EMPTY = { login: '', password: '', captcha: '', agreement: false }
const ORDER = Object.keys(EMPTY)

export function PasswordLogin({ onDone }: { onDone: () => void }) {
  const form = useForm(EMPTY)
  const captcha = useCaptcha(form, 'sign-in')
  const { busy, problem, submit } = useSubmit(form, captcha.renew)
  const { values, errors } = form

  async function onSubmit(event: Event) {
    event.preventDefault()
    const { password } = values
    const localErrors: Errors = {
      ...(!values.login.trim() && { login: t('account-name-missing') }),
      ...(!password && { password: t('password-missing') }),
      ...captcha.errors(),
      ...(!values.agreement && { agreement: t('agreement-missing') }),
    }
    const created = await submit(localErrors, () =>
      signIn({ grant: 'password', login: values.login.trim(), password, captcha: captcha.answer() }),
    )
    if (created) onDone()
  }

  return (
    <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={ORDER} problem={problem} />
      <TextField
        form={form}
        name="login"
        label={t('account-name')}
        hint={t('account-name-hint')}
        required
        input={{ autocomplete: 'username', autocapitalize: 'off', spellcheck: false }}
      />
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
        <Button type="submit" variant="primary" busy={busy}>
          {t('login')}
        </Button>
      </div>
    </form>
  )
}
