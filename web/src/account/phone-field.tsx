import { t } from '../i18n'
import type { Form } from '../ui/form'
import { TextField } from '../ui/text-field'

interface Props<T> {
  form: Form<T>
  hint?: string | undefined
}

export function PhoneField<T extends { phone: string }>({ form, hint = t('phone-hint') }: Props<T>) {
  return (
    <TextField
      form={form}
      name="phone"
      label={t('phone')}
      hint={hint}
      required
      class="control figures"
      input={{ type: 'tel', autocomplete: 'tel-national' }}
    />
  )
}

/** Removes the spaces and dashes with which people write numbers. */
export const digits = (text: string): string => text.replace(/[\s-]/g, '')

/** A mobile number of mainland China: 11 digits, the first is 1. */
export const isPhone = (text: string): boolean => /^1\d{10}$/.test(digits(text))
