import { useSignal, useSignalEffect, type Signal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { Field } from './field'
import { Icon } from './icon'

interface Props {
  value: string
  error?: string | undefined
  /** The image in force; the form sends its id with the answer. */
  captchaId: Signal<string>
  /** Count up to ask for a new image, for example after a refused answer. */
  round: Signal<number>
  onChange: (answer: string) => void
}

/** An image to read, with the same question in words for those who cannot see it. */
export function Captcha({ value, error, captchaId, round, onChange }: Props) {
  const captcha = useSignal<Schemas['Captcha'] | undefined>(undefined)
  const failed = useSignal(false)

  useSignalEffect(() => {
    void round.value
    void (async () => {
      const made = await outcome(api.POST('/v1/captchas'))
      failed.value = !made.ok
      captcha.value = made.ok ? made.data : undefined
      captchaId.value = made.ok ? made.data.captchaId : ''
    })()
  })

  const question = captcha.value?.question
  return (
    <Field name="captcha" label={t('captcha')} hint={t('captcha-hint')} error={error} required>
      {(control) => (
        <div class="captcha">
          <input
            {...control}
            class="control figures"
            value={value}
            autocomplete="off"
            autocapitalize="off"
            spellcheck={false}
            onInput={(event) => onChange(event.currentTarget.value)}
          />
          {captcha.value && (
            <img
              class="captcha-image"
              src={captcha.value.image}
              alt={question ? t('captcha-alt', { question }) : t('captcha-image')}
              width={132}
              height={44}
            />
          )}
          {failed.value && <span class="small">{t('captcha-failed')}</span>}
          <button type="button" class="icon-button" aria-label={t('captcha-another')} onClick={() => (round.value += 1)}>
            <Icon name="refresh" />
          </button>
        </div>
      )}
    </Field>
  )
}
