import { useRef } from 'preact/hooks'
import { freshKey } from '../api/key'
import type { Outcome, Schemas } from '../api/client'
import { t } from '../i18n'
import { yuan } from '../i18n/format'
import { Button } from '../ui/button'
import { RadioCards } from '../ui/choice'
import { ErrorSummary } from '../ui/error-summary'
import { Field, FieldGroup } from '../ui/field'
import { useForm, type Errors } from '../ui/form'
import { ProblemNotice } from '../ui/notice'
import { useSubmit } from '../ui/use-submit'

export type Sent = Schemas['InvoiceForm']

const BUYER = ['buyerAddress', 'buyerPhone', 'buyerBank', 'buyerAccount'] as const
const ORDER = ['invoiceType', 'title', 'taxNo', ...BUYER, 'remark', 'email'] as const
type Values = Record<(typeof ORDER)[number], string>

const NO_BUYER = { buyerAddress: '', buyerPhone: '', buyerBank: '', buyerAccount: '' }
export const BLANK: Values = { invoiceType: 'normal', title: '', taxNo: '', ...NO_BUYER, remark: '', email: '' }

/** What is known and shown masked: left empty, it stays. */
export type Known = Partial<Record<(typeof BUYER)[number], string | undefined>>

interface Props {
  initial: Values
  known?: Known
  amountFen: number
  /** One key for one submission: pressing again after a lost answer is the same application. */
  send: (form: Sent, key: string) => Promise<Outcome<Schemas['Invoice']>>
  onSent: (invoice: Schemas['Invoice']) => void
  onCancel: () => void
}

/** 发票申请: the form of a new application and of one that is corrected. The amount is the server's, shown and never sent. */
export function InvoiceForm({ initial, known = {}, amountFen, send, onSent, onCancel }: Props) {
  const form = useForm(initial)
  const key = useRef(freshKey())
  // What was refused may be corrected: that is another submission.
  const { busy, problem, submit } = useSubmit(form, () => (key.current = freshKey()))
  const { values, errors } = form
  const special = values.invoiceType === 'special'

  async function onSubmit(event: Event) {
    event.preventDefault()
    const made = await submit(missing(values, known), () => send(toSend(values), key.current))
    if (made) onSent(made.data)
  }
  const text = (name: Exclude<(typeof ORDER)[number], 'invoiceType' | 'remark'>, attributes: Record<string, string>) => (control: object) => (
    <input
      {...control}
      {...attributes}
      class="control"
      value={values[name]}
      onInput={(event) => form.set(name, event.currentTarget.value)}
    />
  )
  return (
    <form class="stack" noValidate onSubmit={(event) => void onSubmit(event)}>
      <ErrorSummary errors={errors} refusals={form.refusals} order={[...ORDER]} />
      {problem && <ProblemNotice problem={problem} />}
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
      <Field name="title" label={t('invoice-title')} error={errors.title} required>
        {text('title', { autocomplete: 'organization', maxLength: '100' })}
      </Field>
      <Field name="taxNo" label={t('invoice-tax-no')} hint={t('invoice-tax-no-hint')} error={errors.taxNo} required={special}>
        {text('taxNo', { autocomplete: 'off', spellcheck: 'false' })}
      </Field>
      {special &&
        BUYER.map((name) => (
          <Field
            key={name}
            name={name}
            label={t(`invoice-${name}`)}
            hint={known[name] ? t('invoice-known', { masked: known[name] }) : undefined}
            error={errors[name]}
            required={!known[name]}
          >
            {text(name, ATTRIBUTES[name])}
          </Field>
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
      <Field name="email" label={t('invoice-email')} hint={t('invoice-email-hint')} error={errors.email} required>
        {text('email', { type: 'email', autocomplete: 'email', inputMode: 'email' })}
      </Field>
      <div class="actions">
        <Button type="submit" look="primary" busy={busy}>
          {t('invoice-submit')}
        </Button>
        <Button onClick={onCancel}>{t('invoice-cancel')}</Button>
      </div>
    </form>
  )
}

/** Of a company, not of the person at the keyboard. */
const ATTRIBUTES = {
  buyerAddress: { autocomplete: 'off', maxLength: '100' },
  buyerPhone: { autocomplete: 'off', type: 'tel' },
  buyerBank: { autocomplete: 'off', maxLength: '100' },
  buyerAccount: { autocomplete: 'off', spellcheck: 'false' },
}

/** What can be said without asking; the server decides. */
function missing(values: Values, known: Known): Errors {
  const { invoiceType, title, taxNo, email } = values
  const errors: Errors = {}
  if (!title.trim()) errors.title = t('invoice-title-missing')
  if (invoiceType === 'special' && !taxNo.trim()) errors.taxNo = t('invoice-tax-no-missing')
  for (const name of invoiceType === 'special' ? BUYER : []) {
    if (!values[name].trim() && !known[name]) errors[name] = t(`invoice-${name}-missing`)
  }
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) errors.email = t('invoice-email-wrong')
  return errors
}

function toSend({ invoiceType, title, taxNo, remark, email, ...buyer }: Values): Sent {
  const form = { title, remark, email, ...(taxNo.trim() && { taxNo }) }
  return invoiceType === 'special' ? { type: 'special', ...form, ...buyer } : { type: 'normal', ...form }
}
