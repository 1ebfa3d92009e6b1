import { useRef } from 'preact/hooks'
import type { Outcome, Schemas } from '../api/client'
import { randomId } from '../api/random-id'
import { t } from '../i18n'
import { yuan } from '../i18n/format'
import { Button } from '../ui/button'
import { RadioCards } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { Field, FieldGroup } from '../ui/field'
import { type Errors, useForm } from '../ui/form'
import { TextField } from '../ui/text-field'
import { useSubmit } from '../ui/use-submit'

const BUYER_FIELDS = ['buyerAddress', 'buyerPhone', 'buyerBank', 'buyerAccount'] as const
const ORDER = ['invoiceType', 'title', 'taxNo', ...BUYER_FIELDS, 'remark', 'email'] as const
type Values = Record<(typeof ORDER)[number], string>

const EMPTY_BUYER = { buyerAddress: '', buyerPhone: '', buyerBank: '', buyerAccount: '' }
export const EMPTY_INVOICE: Values = {
  invoiceType: 'normal',
  title: '',
  taxNo: '',
  ...EMPTY_BUYER,
  remark: '',
  email: '',
}

/** Saved buyer fields as the service masks them. Such a field may stay empty: its saved value is kept. */
export type Masked = Partial<Record<(typeof BUYER_FIELDS)[number], string | undefined>>

interface Props {
  initial: Values
  masked?: Masked
  /** Amount of the selected orders. It is only shown; the service computes the invoiced amount. */
  amountFen: number
  send: (form: Schemas['InvoiceForm'], idempotencyKey: string) => Promise<Outcome<Schemas['Invoice']>>
  onSent: (invoice: Schemas['Invoice']) => void
  onCancel: () => void
}

/** 发票申请: the form of a new application and of a corrected one. */
export function InvoiceForm({ initial, masked = {}, amountFen, send, onSent, onCancel }: Props) {
  const form = useForm(initial)
  // The key stays the same until the service rejects the form: a submit repeated after a lost response is the same
  // application.
  const key = useRef(randomId())
  const { busy, problem, submit } = useSubmit(form, () => (key.current = randomId()))
  const { values, errors } = form
  const special = values.invoiceType === 'special'

  async function onSubmit(event: Event) {
    event.preventDefault()
    const created = await submit(invoiceErrors(values, masked), () => send(toRequest(values), key.current))
    if (created) onSent(created.data)
  }
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary form={form} order={ORDER} problem={problem} />
      <FieldGroup name="invoiceType" legend={t('invoice-type')}>
        <RadioCards
          name="invoiceType"
          value={values.invoiceType}
          options={['normal', 'special'].map((kind) => ({ value: kind, label: t(`invoice-${kind}`) }))}
          onChange={(kind) => form.set('invoiceType', kind)}
        />
      </FieldGroup>
      <p>
        {t('invoice-amount-to')} <strong class="figures">{t('invoice-yuan', { yuan: yuan(amountFen) })}</strong>
      </p>
      <TextField
        form={form}
        name="title"
        label={t('invoice-title')}
        required
        input={{ autocomplete: 'organization', maxLength: 100 }}
      />
      <TextField
        form={form}
        name="taxNo"
        label={t('invoice-tax-no')}
        hint={t('invoice-tax-no-hint')}
        required={special}
        input={{ autocomplete: 'off', spellcheck: false }}
      />
      {special &&
        BUYER_FIELDS.map((name) => (
          <TextField
            key={name}
            form={form}
            name={name}
            label={t(`invoice-${name}`)}
            hint={masked[name] ? t('invoice-known', { masked: masked[name] }) : undefined}
            required={!masked[name]}
            input={BUYER_INPUTS[name]}
          />
        ))}
      <Field name="remark" label={t('invoice-remark')} error={errors.remark}>
        {(control) => (
          <textarea
            {...control}
            class="control"
            rows={2}
            maxLength={200}
            value={values.remark}
            onInput={(event) => form.set('remark', event.currentTarget.value)}
          />
        )}
      </Field>
      <TextField
        form={form}
        name="email"
        label={t('invoice-email')}
        hint={t('invoice-email-hint')}
        required
        input={{ type: 'email', autocomplete: 'email', inputMode: 'email' }}
      />
      <div class="actions">
        <Button type="submit" variant="primary" busy={busy}>
          {t('invoice-submit')}
        </Button>
        <Button onClick={onCancel}>{t('invoice-cancel')}</Button>
      </div>
    </form>
  )
}

/** `autocomplete` is off: these are data of a company, not of the person at the keyboard. */
const BUYER_INPUTS = {
  buyerAddress: { autocomplete: 'off', maxLength: 100 },
  buyerPhone: { autocomplete: 'off', type: 'tel' },
  buyerBank: { autocomplete: 'off', maxLength: 100 },
  buyerAccount: { autocomplete: 'off', spellcheck: false },
} as const

function invoiceErrors(values: Values, masked: Masked): Errors {
  const { invoiceType, title, taxNo, email } = values
  const errors: Errors = {}
  if (!title.trim()) errors.title = t('invoice-title-missing')
  if (invoiceType === 'special' && !taxNo.trim()) errors.taxNo = t('invoice-tax-no-missing')
  for (const name of invoiceType === 'special' ? BUYER_FIELDS : []) {
    if (!values[name].trim() && !masked[name]) errors[name] = t(`invoice-${name}-missing`)
  }
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) errors.email = t('invoice-email-wrong')
  return errors
}

function toRequest({ invoiceType, title, taxNo, remark, email, ...buyer }: Values): Schemas['InvoiceForm'] {
  const form = { title, remark, email, ...(taxNo.trim() && { taxNo }) }
  return invoiceType === 'special' ? { type: 'special', ...form, ...buyer } : { type: 'normal', ...form }
}
