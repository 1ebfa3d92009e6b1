import { t } from '../i18n'
import { Field } from '../ui/field'

export function OrderNoField({ value, onInput }: { value: string; onInput: (value: string) => void }) {
  return (
    <Field name="orderNo" label={t('order-no')}>
      {(control) => (
        <input
          {...control}
          class="control figures"
          value={value}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value.trim().toUpperCase())}
        />
      )}
    </Field>
  )
}
