import { useSignal } from '@preact/signals'
import { EMPTY_PHONE, usePhoneVerification } from '../account/sms-verification'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { account, renew } from '../session'
import { Button, ButtonLink } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'
import { AccountLayout } from './account-layout'
import { type ChangeProps, StepUpFlow } from './step-up-flow'

/** 绑定登录手机号: a first phone needs only its own code; replacing a phone needs a step-up before. */
export default function PhonePage() {
  // The state when the page opened: binding the first phone must not switch to the flow of a replacement.
  const replacing = useSignal(account.peek()?.phone != null).value
  const bound = useSignal(false)
  const done = (
    <div class="card stack">
      <Notice tone="pass" title={t('phone-bound', { phone: account.value?.phone ?? '' })} live />
      <div class="actions">
        <ButtonLink href="/me">{t('me-profile')}</ButtonLink>
      </div>
    </div>
  )
  if (!replacing) {
    return (
      <AccountLayout title={t('phone-bind')}>
        {bound.value ? done : <PhoneForm onDone={() => (bound.value = true)} />}
      </AccountLayout>
    )
  }
  return (
    <StepUpFlow
      title={t('phone-change')}
      purpose="change-phone"
      changeTitle={t('phone-step')}
      change={(props) => <PhoneForm {...props} />}
      done={done}
    />
  )
}

type Props = Pick<ChangeProps, 'onDone'> & Partial<ChangeProps>

function PhoneForm({ stepUpToken, onDone, onRestart }: Props) {
  const form = useForm(EMPTY_PHONE)
  const verification = usePhoneVerification(form, 'bind-phone')
  const { busy, problem, submit } = useSubmit(form)

  async function onSubmit(event: Event) {
    event.preventDefault()
    const body = { ...verification.values(), ...(stepUpToken && { stepUpToken }) }
    const bound = await submit(verification.errors(), () => outcome(api.POST('/v1/me/phone', { body })))
    if (!bound) return
    // A session without a phone was limited to this page; the renewed token has full rights.
    if (!stepUpToken) await renew()
    account.value = bound.data
    onDone()
  }

  return (
    <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={Object.keys(EMPTY_PHONE)} problem={problem ?? verification.problem} />
      {verification.fields}
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy}>
          {t('phone-bind')}
        </Button>
        {onRestart ? <Button onClick={onRestart}>{t('step-up-again')}</Button> : <a href="/me">{t('back')}</a>}
      </div>
    </form>
  )
}
