import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { Outcome, Schemas } from '../api/client'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Field } from '../ui/field'

interface Props {
  value: string
  error?: string | undefined
  onInput: (code: string) => void
  /** Sends a code; says nothing when it could not, because the form then shows why. */
  send: () => Promise<Outcome<Schemas['SmsCode']> | { data: Schemas['SmsCode'] } | undefined>
  onSent: (codeId: string) => void
}

/** 短信验证码 with its button and the time until another one may be asked for. */
export function SmsCode({ value, error, onInput, send, onSent }: Props) {
  const resendAt = useSignal(0)
  const now = useSignal(Date.now())
  const left = Math.max(0, Math.ceil((resendAt.value - now.value) / 1000))

  useEffect(() => {
    if (left === 0) return
    const timer = setInterval(() => (now.value = Date.now()), 1000)
    return () => clearInterval(timer)
  }, [left === 0])

  async function ask() {
    const sent = await send()
    if (!sent || !('data' in sent)) return
    now.value = Date.now()
    resendAt.value = Date.parse(sent.data.resendAt)
    onSent(sent.data.codeId)
  }

  return (
    <Field name="code" label={t('sms-code')} hint={resendAt.value > 0 ? <SentNotice /> : undefined} error={error} required>
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
          <Button disabled={left > 0} onClick={() => void ask()}>
            {left > 0 ? t('sms-again-in', { seconds: left }) : t(resendAt.value > 0 ? 'sms-again' : 'sms-get')}
          </Button>
        </div>
      )}
    </Field>
  )
}

/** What helps when nothing arrives. It never says whether the number is known. */
function SentNotice() {
  return (
    <span class="sms-sent" role="status">
      {(['sent', 'missing', 'hotline'] as const).map((line) => (
        <span key={line}>{t(`sms-notice-${line}`)}</span>
      ))}
    </span>
  )
}

/** Spaces and dashes are how people write numbers down. */
export const digits = (text: string): string => text.replace(/[\s-]/g, '')

export const isPhone = (text: string): boolean => /^1\d{10}$/.test(digits(text))
