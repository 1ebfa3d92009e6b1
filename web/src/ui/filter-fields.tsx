import { t } from '../i18n'
import { Select, type Option } from './choice'
import { Field } from './field'

interface NumberProps {
  name: string
  label: string
  value: string
  onInput: (value: string) => void
}

/** A number that people copy from a letter or read off a paper. */
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
  /** What stands for no choice. */
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

/** Where a row of a list leads, named for those who hear it without its row. */
export function DetailLink({ href, text, no }: { href: string; text: string; no: string }) {
  return (
    <a href={href}>
      {text}
      <span class="visually-hidden"> {no}</span>
    </a>
  )
}
