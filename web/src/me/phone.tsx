import { useSignal } from '@preact/signals'
import { PhoneField } from '../account/phone-field'
import { digits, isPhone, SmsCode } from '../account/sms-code'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { account, renew } from '../session'
import { Button, ButtonLink } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { useForm, type Errors } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { MeFrame } from './frame'
import { ProvenChange } from './proven-change'

/** 绑定登录手机号: the first needs its own code; another one replaces it only after 验证身份. */
export default function PhonePage() {
  // What the account had when the page was opened decides about the way, not what it has once the way was walked.
  const changing = useSignal(account.peek()?.phone != null).value
  const bound = useSignal(false)
  const done = (
    <div class="card stack">
      <Notice tone="pass" title={t('phone-bound', { phone: account.value?.phone ?? '' })} live />
      <div class="actions">
        <ButtonLink href="/me">{t('me-profile')}</ButtonLink>
      </div>
    </div>
  )
  if (!changing) {
    return (
      <MeFrame title={t('phone-bind')}>{bound.value ? done : <Bind onDone={() => (bound.value = true)} />}</MeFrame>
    )
  }
  return (
    <ProvenChange
      title={t('phone-change')}
      purpose="change-phone"
      step={t('phone-step')}
      change={(stepUpToken, next, again) => <Bind stepUpToken={stepUpToken} onDone={next} again={again} />}
      done={done}
    />
  )
}

const BLANK = { phone: '', captcha: '', code: '' }
type Values = typeof BLANK

interface Props {
  stepUpToken?: string
  onDone: () => void
  again?: () => void
}

function Bind({ stepUpToken, onDone, again }: Props) {
  const form = useForm(BLANK)
  const codeId = useSignal('')
  const captcha = useCaptcha(form, 'sms-code')
  const sending = useSubmit(form, captcha.renew)
  const { busy, problem, submit } = useSubmit(form)
  const { values, errors } = form
  const phone = digits(values.phone)

  const ask = () =>
    sending.submit(beforeCode(values), () =>
      outcome(api.POST('/v1/sms-codes', { body: { purpose: 'bind-phone', phone, captcha: captcha.answer() } })),
    )
  async function send(event: Event) {
    event.preventDefault()
    const body = { phone, codeId: codeId.value, code: digits(values.code), ...(stepUpToken && { stepUpToken }) }
    const made = await submit(required(values, codeId.value), () => outcome(api.POST('/v1/me/phone', { body })))
    if (!made) return
    // A session that could do nothing but this gets its full rights with the next token.
    if (!stepUpToken) await renew()
    account.value = made.data
    onDone()
  }

  const refused = problem ?? sending.problem
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={Object.keys(BLANK)} />
      {refused && <ProblemNotice problem={refused} />}
      <PhoneField value={values.phone} error={errors.phone} onInput={(value) => form.set('phone', value)} />
      <Captcha {...captcha.field} />
      <SmsCode
        value={values.code}
        error={errors.code}
        onInput={(code) => form.set('code', code)}
        send={ask}
        onSent={(id) => {
          codeId.value = id
          captcha.renew()
        }}
      />
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('phone-bind')}
        </Button>
        {again ? <Button onClick={again}>{t('step-up-again')}</Button> : <a href="/me">{t('back')}</a>}
      </div>
    </form>
  )
}

function beforeCode(values: Values): Errors {
  return {
    ...(!isPhone(values.phone) && { phone: t('phone-wrong') }),
    ...(!values.captcha.trim() && { captcha: t('captcha-missing') }),
  }
}

function required(values: Values, codeId: string): Errors {
  return {
    ...(!isPhone(values.phone) && { phone: t('phone-wrong') }),
    ...(!codeId ? { code: t('sms-first') } : !/^\d{6}$/.test(digits(values.code)) && { code: t('sms-code-wrong') }),
  }
}
