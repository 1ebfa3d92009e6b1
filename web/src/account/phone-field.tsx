import { t } from '../i18n'
import { Field } from '../ui/field'

interface Props {
  value: string
  error?: string | undefined
  hint?: string | undefined
  onInput: (value: string) => void
}

export function PhoneField({ value, error, hint = t('phone-hint'), onInput }: Props) {
  return (
    <Field name="phone" label={t('phone')} hint={hint} error={error} required>
      {(control) => (
        <input
          {...control}
          class="control figures"
          type="tel"
          value={value}
          autocomplete="tel-national"
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      )}
    </Field>
  )
}
