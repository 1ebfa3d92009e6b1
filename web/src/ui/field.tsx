import type { ComponentChildren, VNode } from 'preact'
import { t } from '../i18n'
import { Icon } from './icon'

/** Attributes that connect a control with its label, hint and error for screen readers. */
export interface ControlAttributes {
  id: string
  name: string
  'aria-describedby': string | undefined
  'aria-invalid': true | undefined
  'aria-required': true | undefined
}

export const fieldId = (name: string): string => `field-${name}`

interface Described {
  name: string
  hint?: ComponentChildren
  error?: string | undefined
  required?: boolean
}

function attributes({ name, hint, error, required }: Described): ControlAttributes {
  const id = fieldId(name)
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return {
    id,
    name,
    'aria-describedby': described || undefined,
    'aria-invalid': error ? true : undefined,
    'aria-required': required || undefined,
  }
}

function Required() {
  return (
    <span class="required" aria-hidden="true">
      *
    </span>
  )
}

export function FieldError({ id, children }: { id: string; children: string }) {
  return (
    <p class="field-error" id={id}>
      <Icon name="warn" size={18} />
      <span>
        <span class="visually-hidden">{t('error-word')}</span>
        {children}
      </span>
    </p>
  )
}

interface FieldProps extends Described {
  label: ComponentChildren
  /** Element beside the label, outside of it. */
  aside?: ComponentChildren
  children: (control: ControlAttributes) => VNode
}

export function Field({ label, aside, children, ...described }: FieldProps) {
  const control = attributes(described)
  return (
    <div class="field" data-invalid={described.error ? '' : undefined}>
      <div class="field-head">
        <label for={control.id}>
          {described.required && <Required />}
          {label}
        </label>
        {aside}
      </div>
      {described.hint && (
        <p class="field-hint" id={`${control.id}-hint`}>
          {described.hint}
        </p>
      )}
      {children(control)}
      {described.error && <FieldError id={`${control.id}-error`}>{described.error}</FieldError>}
    </div>
  )
}

interface GroupProps extends Described {
  legend: ComponentChildren
  aside?: ComponentChildren
  children: ComponentChildren
}

/** Several controls under one legend. The group takes the focus when the error summary links to it. */
export function FieldGroup({ legend, aside, children, ...described }: GroupProps) {
  const control = attributes(described)
  return (
    <fieldset
      class="field"
      id={control.id}
      tabIndex={-1}
      aria-describedby={control['aria-describedby']}
      data-invalid={described.error ? '' : undefined}
    >
      <legend>
        {described.required && <Required />}
        {legend}
      </legend>
      {aside}
      {described.hint && (
        <p class="field-hint" id={`${control.id}-hint`}>
          {described.hint}
        </p>
      )}
      {children}
      {described.error && <FieldError id={`${control.id}-error`}>{described.error}</FieldError>}
    </fieldset>
  )
}
