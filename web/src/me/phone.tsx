import { useSignal } from '@preact/signals'
import { NO_PROOF, usePhoneProof } from '../account/phone-proof'
import { api, outcome } from '../api/client'
import { t } from '../i18n'
import { account, renew } from '../session'
import { Button, ButtonLink } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
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

interface Props {
  stepUpToken?: string
  onDone: () => void
  again?: () => void
}

function Bind({ stepUpToken, onDone, again }: Props) {
  const form = useForm(NO_PROOF)
  const proof = usePhoneProof(form, 'bind-phone')
  const { busy, problem, submit } = useSubmit(form)

  async function send(event: Event) {
    event.preventDefault()
    const body = { ...proof.given(), ...(stepUpToken && { stepUpToken }) }
    const made = await submit(proof.missing(), () => outcome(api.POST('/v1/me/phone', { body })))
    if (!made) return
    // A session that could do nothing but this gets its full rights with the next token.
    if (!stepUpToken) await renew()
    account.value = made.data
    onDone()
  }

  const refused = problem ?? proof.problem
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={form.errors} refusals={form.refusals} order={Object.keys(NO_PROOF)} />
      {refused && <ProblemNotice problem={refused} />}
      {proof.fields}
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('phone-bind')}
        </Button>
        {again ? <Button onClick={again}>{t('step-up-again')}</Button> : <a href="/me">{t('back')}</a>}
      </div>
    </form>
  )
}
