import { t } from '../i18n'
import { type Option, Select } from './choice'
import { Field } from './field'

interface NumberProps {
  name: string
  label: string
  value: string
  onInput: (value: string) => void
}

/** A document number. Spaces are removed and letters become upper case, because people copy numbers in both forms. */
export function NumberField({ name, label, value, onInput }: NumberProps) {
  return (
    <Field name={name} label={label}>
      {(control) => (
        <input
          {...control}
          class="control figures"
          value={value}
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => onInput(event.currentTarget.value.replace(/\s/g, '').toUpperCase())}
        />
      )}
    </Field>
  )
}

interface OneOfProps {
  name: string
  label: string
  value: string
  /** Text of the empty option. */
  prompt?: string
  options: Option[]
  onChange: (value: string) => void
}

export function OneOfField({ name, label, value, prompt = t('any'), options, onChange }: OneOfProps) {
  return (
    <Field name={name} label={label}>
      {(control) => <Select control={control} value={value} prompt={prompt} options={options} onChange={onChange} />}
    </Field>
  )
}

/**
 * Link from a table row to its detail page. Screen readers list links without their row, so the name includes the
 * number.
 */
export function DetailLink({ href, text, no }: { href: string; text: string; no: string }) {
  return (
    <a href={href}>
      {text}
      <span class="visually-hidden"> {no}</span>
    </a>
  )
}
