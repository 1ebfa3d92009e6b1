import { cleanup, fireEvent, render, screen } from '@testing-library/preact'
import { afterEach, expect, test } from 'vitest'
import { fieldErrors } from '../api/problem'
import { ErrorSummary } from './error-summary'
import { Field } from './field'
import { useForm } from './form'

afterEach(cleanup)

function Sample() {
  const form = useForm({ name: '', phone: '' })
  const input = (name: 'name' | 'phone') => (
    <Field name={name} label={name} hint="hint" error={form.errors[name]} required>
      {(control) => (
        <input {...control} value={form.values[name]} onInput={(e) => form.set(name, e.currentTarget.value)} />
      )}
    </Field>
  )
  return (
    <form>
      <ErrorSummary form={form} order={['name', 'phone']} />
      {input('name')}
      {input('phone')}
      <button
        type="button"
        onClick={() => form.setErrors({ phone: 'no phone', name: 'no name', other: 'closed today' })}
      />
    </form>
  )
}

// Covers: IC-25, XX-10
test('error summary lists errors in page order, takes the focus and links to the fields', async () => {
  render(<Sample />)
  fireEvent.click(screen.getByRole('button'))
  const summary = await screen.findByRole('alert')
  expect(document.activeElement).toBe(summary)
  expect([...summary.querySelectorAll('li')].map((item) => item.textContent)).toEqual([
    'no name',
    'no phone',
    'closed today',
  ])
  const phone = screen.getByRole('textbox', { name: 'phone' })
  expect(phone.getAttribute('aria-invalid')).toBe('true')
  expect(phone.getAttribute('aria-describedby')).toBe('field-phone-hint field-phone-error')
  expect(document.getElementById('field-phone-error')?.textContent).toContain('no phone')
  fireEvent.click(screen.getByRole('link', { name: 'no phone' }))
  expect(document.activeElement).toBe(phone)
})

// Covers: IC-25
test('editing a field clears only its own error', async () => {
  render(<Sample />)
  fireEvent.click(screen.getByRole('button'))
  await screen.findByRole('alert')
  fireEvent.input(screen.getByRole('textbox', { name: 'phone' }), { target: { value: '1' } })
  expect(screen.getByRole('textbox', { name: 'phone' }).getAttribute('aria-invalid')).toBeNull()
  expect(screen.getByRole('textbox', { name: 'name' }).getAttribute('aria-invalid')).toBe('true')
})

// Covers: XX-05
test('fieldErrors maps problem pointers to form fields', () => {
  const errors = [
    { pointer: '/captcha/answer', code: 'captcha-wrong', message: 'wrong' },
    { pointer: '/captcha', code: 'captcha-needed', message: 'second' },
    { pointer: '', code: 'x', message: 'nowhere' },
  ]
  expect(fieldErrors({ code: 'invalid', title: '', status: 422, errors })).toEqual({ captcha: 'wrong' })
})
