import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { beijing } from '../i18n/format'
import { Button, ButtonLink } from '../ui/button'
import { Captcha } from '../ui/captcha'
import { ErrorSummary } from '../ui/error-summary'
import { Field } from '../ui/field'
import { useForm } from '../ui/form'
import { Notice, ProblemNotice } from '../ui/notice'
import { useCaptcha } from '../ui/use-captcha'
import { useSubmit } from '../ui/use-submit'
import { ProvenChange } from './proven-change'

/** 绑定邮箱: a link is mailed; the address counts once the link was followed. */
export default function EmailPage() {
  const sent = useSignal<Schemas['SentEmailLink'] | undefined>(undefined)
  return (
    <ProvenChange
      title={t('email-bind')}
      purpose="bind-email"
      step={t('email-step')}
      last={t('email-sent')}
      change={(token, done, again) => (
        <Ask
          stepUpToken={token}
          again={again}
          onSent={(link) => {
            sent.value = link
            done()
          }}
        />
      )}
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

interface Props {
  stepUpToken: string
  onSent: (link: Schemas['SentEmailLink']) => void
  again: () => void
}

function Ask({ stepUpToken, onSent, again }: Props) {
  const form = useForm({ email: '', captcha: '' })
  const captcha = useCaptcha(form, 'bind-email')
  const { busy, problem, submit } = useSubmit(form, captcha.renew)
  const { values, errors } = form
  async function send(event: Event) {
    event.preventDefault()
    const missing = {
      ...(!values.email.includes('@') && { email: t('email-wrong') }),
      ...(!values.captcha.trim() && { captcha: t('captcha-missing') }),
    }
    const body = { email: values.email.trim(), captcha: captcha.answer(), stepUpToken }
    const made = await submit(missing, () => outcome(api.POST('/v1/me/email', { body })))
    if (made) onSent(made.data)
  }
  return (
    <form class="card stack" noValidate onSubmit={(event) => void send(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={['email', 'captcha']} />
      {problem && <ProblemNotice problem={problem} />}
      <Field name="email" label={t('email')} error={errors.email} required>
        {(control) => (
          <input
            {...control}
            class="control"
            type="email"
            value={values.email}
            autocomplete="email"
            onInput={(event) => form.set('email', event.currentTarget.value)}
          />
        )}
      </Field>
      <Captcha {...captcha.field} />
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('email-send')}
        </Button>
        <Button onClick={again}>{t('step-up-again')}</Button>
      </div>
    </form>
  )
}
