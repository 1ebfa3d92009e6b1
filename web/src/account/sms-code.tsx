import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Schemas } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Field } from '../ui/field'
import type { Errors } from '../ui/form'
import { digits } from './phone-field'

interface Props {
  value: string
  error?: string | undefined
  onInput: (code: string) => void
  /** Sends a code. `undefined` when none was sent; the form then shows why. */
  send: () => Promise<{ data: Schemas['SmsCode'] } | undefined>
  onSent: (codeId: string) => void
}

/** 短信验证码: the code, the button that sends one, and the seconds until another one can be sent. */
export function SmsCode({ value, error, onInput, send, onSent }: Props) {
  const resendAt = useSignal(0)
  const now = useSignal(Date.now())
  const left = Math.max(0, Math.ceil((resendAt.value - now.value) / 1000))

  useEffect(() => {
    if (left === 0) return
    const timer = setInterval(() => (now.value = Date.now()), 1000)
    return () => clearInterval(timer)
  }, [left === 0])

  async function requestCode() {
    const sent = await send()
    if (!sent) return
    now.value = Date.now()
    resendAt.value = Date.parse(sent.data.resendAt)
    onSent(sent.data.codeId)
  }

  return (
    <Field
      name="code"
      label={t('sms-code')}
      hint={resendAt.value > 0 ? <SentNotice /> : undefined}
      error={error}
      required
    >
      {(control) => (
        <div class="with-button">
          <input
            {...control}
            class="control figures"
            value={value}
            inputMode="numeric"
            autocomplete="one-time-code"
            onInput={(event) => onInput(event.currentTarget.value)}
          />
          <Button disabled={left > 0} onClick={() => void requestCode()}>
            {left > 0 ? t('sms-again-in', { seconds: left }) : t(resendAt.value > 0 ? 'sms-again' : 'sms-get')}
          </Button>
        </div>
      )}
    </Field>
  )
}

/** Advice for a code that does not arrive. It does not reveal whether the number has an account. */
function SentNotice() {
  return (
    <span class="sms-sent" role="status">
      {(['sent', 'missing', 'hotline'] as const).map((line) => (
        <span key={line}>{t(`sms-notice-${line}`)}</span>
      ))}
    </span>
  )
}

/** The error of a code field: no code was sent yet, or the input is not six digits. */
export function smsCodeErrors(codeId: string, input: string): Errors {
  if (!codeId) return { code: t('sms-first') }
  return /^\d{6}$/.test(digits(input)) ? {} : { code: t('sms-code-wrong') }
}
