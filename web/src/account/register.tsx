import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { t } from '../i18n'
import { register } from '../session'
import { Button, ButtonLink } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { RadioCards } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { Field, FieldGroup } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { Page } from '../ui/page'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { AGREEMENT_VERSION } from './agreement-text'
import { consent } from './consent'
import { NewPassword } from './new-password'
import { passwordErrors } from './password-rules'
import './account.css'

const BLANK = {
  kind: 'personal' as 'personal' | 'studio',
  userName: '',
  nickname: '',
  password: '',
  captcha: '',
}
type Values = typeof BLANK
const ORDER = Object.keys(BLANK)

export default function Register() {
  const { route } = useLocation()
  const form = useForm(BLANK)
  const captcha = useCaptcha(form, 'register')
  const { busy, problem, submit } = useSubmit(form, captcha.renew)
  const done = useSignal(false)
  const { values, errors } = form

  useEffect(() => {
    if (!consent.value) route('/register', true)
  }, [])

  async function send(event: Event) {
    event.preventDefault()
    const made = await submit(check(values), () =>
      register({
        kind: values.kind,
        userName: values.userName.trim(),
        ...(values.nickname.trim() && { nickname: values.nickname.trim() }),
        password: values.password,
        agreement: AGREEMENT_VERSION,
        captcha: captcha.answer(),
      }),
    )
    if (made) done.value = true
  }

  if (done.value) return <Registered />
  const text = (name: 'userName' | 'nickname', required: boolean) => (
    <Field name={name} label={t(`register-${name}`)} hint={t(`register-${name}-hint`)} error={errors[name]} required={required}>
      {(control) => (
        <input
          {...control}
          class="control"
          value={values[name]}
          autocomplete={name === 'userName' ? 'username' : 'nickname'}
          autocapitalize="off"
          spellcheck={false}
          onInput={(event) => form.set(name, event.currentTarget.value)}
        />
      )}
    </Field>
  )
  return (
    <Page title={t('register')} lead={t('register-lead')} narrow>
      <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
        <ErrorSummary errors={errors} refusals={form.refusals} order={ORDER} />
        {problem && <ProblemNotice problem={problem} />}
        <FieldGroup name="kind" legend={t('register-kind')} required>
          <RadioCards
            name="kind"
            value={values.kind}
            options={(['personal', 'studio'] as const).map((value) => ({ value, label: t(`register-kind-${value}`) }))}
            onChange={(kind) => form.set('kind', kind as Values['kind'])}
          />
        </FieldGroup>
        {text('userName', true)}
        {text('nickname', false)}
        <NewPassword value={values.password} error={errors.password} onInput={(value) => form.set('password', value)} />
        <Captcha {...captcha.field} />
        <div class="actions">
          <Button type="submit" look="primary" busy={busy}>
            {t('submit')}
          </Button>
          <a href="/login">{t('register-have-account')}</a>
        </div>
      </form>
    </Page>
  )
}

function check(values: Values): Errors {
  return {
    ...(!values.userName.trim() && { userName: t('register-userName-missing') }),
    ...passwordErrors(values.password),
    ...(!values.captcha.trim() && { captcha: t('captcha-missing') }),
  }
}

function Registered() {
  return (
    <Page title={t('register-done')} narrow>
      <Notice tone="pass" title={t('register-done-title')} live>
        {t('register-done-text')}
      </Notice>
      <div>
        <ButtonLink href="/photos/new" look="primary" icon="upload">
          {t('nav-new-photo')}
        </ButtonLink>
      </div>
    </Page>
  )
}
