import { useSignal } from '@preact/signals'
import { useLocation } from 'preact-iso'
import { useEffect } from 'preact/hooks'
import { fieldErrors, type Problem } from '../api/problem'
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
import { AGREEMENT_VERSION } from './agreement-text'
import { consent } from './consent'
import { NewPassword } from './new-password'
import { brokenRules } from './password-rules'
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
  const captchaId = useSignal('')
  const captchaRound = useSignal(0)
  const busy = useSignal(false)
  const done = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const { values, errors } = form

  useEffect(() => {
    if (!consent.value) route('/register', true)
  }, [])

  async function submit(event: Event) {
    event.preventDefault()
    problem.value = undefined
    const found = check(values)
    if (Object.keys(found).length > 0) return form.refuse(found)
    form.accept()
    busy.value = true
    const made = await register({
      kind: values.kind,
      userName: values.userName.trim(),
      ...(values.nickname.trim() && { nickname: values.nickname.trim() }),
      password: values.password,
      agreement: AGREEMENT_VERSION,
      captcha: { captchaId: captchaId.value, answer: values.captcha.trim() },
    })
    busy.value = false
    if (made.ok) {
      done.value = true
      return
    }
    captchaRound.value += 1
    form.set('captcha', '')
    const refused = fieldErrors(made.problem)
    if (Object.keys(refused).length > 0) form.refuse(refused)
    else problem.value = made.problem
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
      <form class="card stack" noValidate onSubmit={(event) => void submit(event)}>
        <ErrorSummary errors={errors} refusals={form.refusals} order={ORDER} />
        {problem.value && <ProblemNotice problem={problem.value} />}
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
        <Captcha
          purpose="register"
          value={values.captcha}
          error={errors.captcha}
          captchaId={captchaId}
          round={captchaRound}
          onChange={(answer) => form.set('captcha', answer)}
        />
        <div class="actions">
          <Button type="submit" look="primary" busy={busy.value}>
            {t('submit')}
          </Button>
          <a href="/login">{t('register-have-account')}</a>
        </div>
      </form>
    </Page>
  )
}

function check(values: Values): Errors {
  const found: Errors = {}
  if (!values.userName.trim()) found.userName = t('register-userName-missing')
  const broken = brokenRules(values.password)
  if (broken.length > 0) {
    found.password = t('password-broken', { rules: broken.map((rule) => t(`password-rule-${rule}`)).join(t('list-comma')) })
  }
  if (!values.captcha.trim()) found.captcha = t('captcha-missing')
  return found
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
