import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { Button, ButtonLink } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { useForm } from '../ui/form'
import { Notice } from '../ui/notice'
import { TextField } from '../ui/text-field'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { type ChangeProps, StepUpFlow } from './step-up-flow'

/** 绑定邮箱: sends an activation link. The address is bound when the link is confirmed (`activate-email.tsx`). */
export default function EmailPage() {
  const sent = useSignal<Schemas['SentEmailLink'] | undefined>(undefined)
  return (
    <StepUpFlow
      title={t('email-bind')}
      purpose="bind-email"
      changeTitle={t('email-step')}
      doneTitle={t('email-sent')}
      change={(props) => <EmailForm {...props} onSent={(link) => (sent.value = link)} />}
      done={
        <div class="card stack">
          <Notice tone="pass" title={t('email-sent-to', { email: sent.value?.email ?? '' })} live>
            {sent.value && t('email-sent-text', { time: beijing(sent.value.expiresAt) })}
          </Notice>
          <div class="actions">
            <ButtonLink href="/me">{t('me-profile')}</ButtonLink>
          </div>
        </div>
      }
    />
  )
}

type Props = ChangeProps & { onSent: (link: Schemas['SentEmailLink']) => void }

function EmailForm({ stepUpToken, onSent, onDone, onRestart }: Props) {
  const form = useForm({ email: '', captcha: '' })
  const captcha = useCaptcha(form, 'bind-email')
  const { busy, problem, submit } = useSubmit(form, captcha.renew)
  async function onSubmit(event: Event) {
    event.preventDefault()
    const email = form.values.email.trim()
    const localErrors = { ...(!email.includes('@') && { email: t('email-wrong') }), ...captcha.errors() }
    const body = { email, captcha: captcha.answer(), stepUpToken }
    const sent = await submit(localErrors, () => outcome(api.POST('/v1/me/email', { body })))
    if (!sent) return
    onSent(sent.data)
    onDone()
  }
  return (
    <form class="card stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={['email', 'captcha']} problem={problem} />
      <TextField
        form={form}
        name="email"
        label={t('email')}
        required
        input={{ type: 'email', autocomplete: 'email' }}
      />
      <Captcha {...captcha.field} />
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy}>
          {t('email-send')}
        </Button>
        <Button onClick={onRestart}>{t('step-up-again')}</Button>
      </div>
    </form>
  )
}
