import type { ComponentChildren, InputHTMLAttributes } from 'preact'
import { Field } from './field'
import type { Form } from './form'

interface Props<T, K extends string> {
  form: Form<T>
  name: K
  label: ComponentChildren
  hint?: ComponentChildren
  required?: boolean
  /** Element beside the label, outside of it. */
  aside?: ComponentChildren
  class?: string
  /** Further attributes of the input, such as `autocomplete`. */
  input: InputHTMLAttributes
}

/** A labelled text input bound to one field of a form. */
export function TextField<T extends Record<K, string>, K extends string>(props: Props<T, K>) {
  const { form, name, label, hint, required = false, aside, input } = props
  return (
    <Field name={name} label={label} hint={hint} error={form.errors[name]} required={required} aside={aside}>
      {(control) => (
        <input
          {...input}
          {...control}
          class={props.class ?? 'control'}
          value={form.values[name]}
          onInput={(event) => form.set(name, event.currentTarget.value as T[K])}
        />
      )}
    </Field>
  )
}
