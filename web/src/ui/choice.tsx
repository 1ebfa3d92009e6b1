import type { ComponentChildren } from 'preact'
import type { ControlAttributes } from './field'

export interface Option {
  value: string
  label: string
}

interface SelectProps {
  control: ControlAttributes
  value: string
  options: Option[]
  /** Text of the empty option. */
  prompt: string
  disabled?: boolean
  onChange: (value: string) => void
}

export function Select({ control, value, options, prompt, disabled, onChange }: SelectProps) {
  return (
    <select
      {...control}
      class="control"
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.currentTarget.value)}
    >
      <option value="">{prompt}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  )
}

interface RadioCardsProps {
  name: string
  value: string
  options: (Option & { note?: ComponentChildren })[]
  onChange: (value: string) => void
}

/**
 * Radio buttons with touch-sized labels. The native controls stay visible and keep the keyboard behaviour of the
 * browser.
 */
export function RadioCards({ name, value, options, onChange }: RadioCardsProps) {
  return (
    <div class="radio-cards">
      {options.map((option) => (
        <label key={option.value} class="radio-card">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>
            {option.label}
            {option.note && <span class="radio-note">{option.note}</span>}
          </span>
        </label>
      ))}
    </div>
  )
}

interface CheckboxProps {
  id?: string
  checked: boolean
  error?: string | undefined
  onChange: (checked: boolean) => void
  children: ComponentChildren
}

export function Checkbox({ id, checked, error, onChange, children }: CheckboxProps) {
  return (
    <label class="checkbox">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        aria-invalid={error ? true : undefined}
        aria-describedby={error && id ? `${id}-error` : undefined}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{children}</span>
    </label>
  )
}
