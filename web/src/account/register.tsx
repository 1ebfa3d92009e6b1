import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { useLocation } from 'preact-iso'
import { t } from '../i18n'
import { account, register } from '../session'
import { Button } from '../ui/button'
import { RadioCards } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { FieldGroup } from '../ui/field'
import { useForm } from '../ui/form'
import { Page } from '../ui/page'
import { TextField } from '../ui/text-field'
import { useSubmit } from '../ui/use-submit'
import { AGREEMENT_VERSION } from './agreement-text'
import { consent } from './consent'
import { EMPTY_PASSWORD_PAIR, PasswordPair, passwordErrors } from './password-pair'
import { Registered } from './registered'
import { EMPTY_PHONE, usePhoneVerification } from './sms-verification'
import './account.css'

const KINDS = ['personal', 'studio'] as const

const EMPTY = {
  kind: 'personal' as (typeof KINDS)[number],
  ...EMPTY_PHONE,
  nickname: '',
  userName: '',
  ...EMPTY_PASSWORD_PAIR,
}
const ORDER = Object.keys(EMPTY)

/** 注册 with a phone number, which is verified by an SMS code. */
export default function Register() {
  const { route } = useLocation()
  const form = useForm(EMPTY)
  const verification = usePhoneVerification(form, 'register')
  const { busy, problem, submit } = useSubmit(form)
  const done = useSignal(false)
  const { values } = form

  useEffect(() => {
    if (!consent.value) route('/register', true)
  }, [])

  async function onSubmit(event: Event) {
    event.preventDefault()
    const userName = values.userName.trim()
    const nickname = values.nickname.trim()
    const localErrors = {
      ...verification.errors(),
      ...(!nickname && { nickname: t('register-nickname-missing') }),
      ...passwordErrors(values),
    }
    const created = await submit(localErrors, () =>
      register({
        kind: values.kind,
        ...verification.values(),
        ...(userName && { userName }),
        nickname,
        password: values.password,
        agreement: AGREEMENT_VERSION,
      }),
    )
    if (created) done.value = true
  }

  if (done.value) return <Registered phone={account.value?.phone ?? ''} />
  return (
    <Page title={t('register')} lead={t('register-lead')} narrow>
      <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
        <ErrorSummary form={form} order={ORDER} problem={problem ?? verification.problem} />
        <FieldGroup name="kind" legend={t('register-kind')} required>
          <RadioCards
            name="kind"
            value={values.kind}
            options={KINDS.map((value) => ({ value, label: t(`register-kind-${value}`) }))}
            onChange={(kind) => form.set('kind', kind as (typeof KINDS)[number])}
          />
        </FieldGroup>
        {verification.fields}
        {(['nickname', 'userName'] as const).map((name) => (
          <TextField
            key={name}
            form={form}
            name={name}
            label={t(`register-${name}`)}
            hint={t(`register-${name}-hint`)}
            required={name === 'nickname'}
            input={{
              autocomplete: name === 'userName' ? 'username' : 'nickname',
              autocapitalize: 'off',
              spellcheck: false,
            }}
          />
        ))}
        <PasswordPair form={form} label={t('register-password')} />
        <div class="actions">
          <Button type="submit" variant="primary" busy={busy}>
            {t('register-submit')}
          </Button>
          <a href="/login">{t('register-have-account')}</a>
        </div>
      </form>
    </Page>
  )
}
