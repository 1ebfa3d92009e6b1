import { type Signal, useSignal, useSignalEffect } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { Field } from './field'
import { Icon } from './icon'

interface Props {
  value: string
  error?: string | undefined
  purpose: Schemas['NewCaptcha']['purpose']
  /** Set to the id of the loaded captcha; the form sends it with the answer. */
  captchaId: Signal<string>
  /** Increment it to load another captcha, for example after a wrong answer. */
  round: Signal<number>
  onChange: (answer: string) => void
}

/** A picture with characters or, for people who cannot see it, a sum in words. */
export function Captcha({ purpose, value, error, captchaId, round, onChange }: Props) {
  const captcha = useSignal<Schemas['Captcha'] | undefined>(undefined)
  const failed = useSignal(false)
  const kind = useSignal<'picture' | 'sum'>('picture')
  const latest = useRef(0)

  // The input is read-only until the captcha has loaded. Responses to earlier requests are ignored.
  useSignalEffect(() => {
    void round.value
    const body = { purpose, kind: kind.value }
    latest.current += 1
    const request = latest.current
    captcha.value = undefined
    captchaId.value = ''
    failed.value = false
    void (async () => {
      const created = await outcome(api.POST('/v1/captchas', { body }))
      if (request !== latest.current) return
      failed.value = !created.ok
      captcha.value = created.ok ? created.data : undefined
      captchaId.value = created.ok ? created.data.captchaId : ''
    })()
  })

  const { image, question } = captcha.value ?? {}
  const other = kind.value === 'picture' ? 'sum' : 'picture'
  return (
    <Field
      name="captcha"
      label={t('captcha')}
      hint={question ? t('captcha-question', { question }) : t('captcha-hint')}
      error={error}
      required
      aside={
        <button
          type="button"
          class="link-button"
          onClick={() => {
            onChange('')
            kind.value = other
          }}
        >
          {t(`captcha-use-${other}`)}
        </button>
      }
    >
      {(control) => (
        <div class="captcha">
          <input
            {...control}
            class="control figures"
            value={value}
            readOnly={!captcha.value}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          {image && <img class="captcha-image" src={image} alt={t('captcha-image')} width={132} height={44} />}
          {failed.value && <span class="small">{t('captcha-failed')}</span>}
          <button
            type="button"
            class="icon-button"
            aria-label={t('captcha-another')}
            onClick={() => {
              onChange('')
              round.value += 1
            }}
          >
            <Icon name="refresh" />
          </button>
        </div>
      )}
    </Field>
  )
}
