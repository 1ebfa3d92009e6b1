import { useSignal } from '@preact/signals'
import { t } from '../i18n'
import type { ControlAttributes } from '../ui/field'

interface Props {
  control: ControlAttributes
  value: string
  autocomplete: 'current-password' | 'new-password'
  onInput: (value: string) => void
}

/** A password control with a button that shows and hides the text. */
export function PasswordInput({ control, value, autocomplete, onInput }: Props) {
  const visible = useSignal(false)
  // The attribute types of `input` accept one literal type, not a union of two.
  const inputType = { type: visible.value ? 'text' : 'password' } as { type: 'password' }
  return (
    <div class="with-button">
      <input
        {...control}
        class="control"
        {...inputType}
        value={value}
        autocomplete={autocomplete}
        autocapitalize="off"
        spellcheck={false}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <button
        type="button"
        class="button"
        aria-pressed={visible.value}
        onClick={() => (visible.value = !visible.value)}
      >
        {t(visible.value ? 'password-hide' : 'password-show')}
      </button>
    </div>
  )
}
