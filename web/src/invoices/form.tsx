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

const ORDER = ['invoiceType', 'title', 'taxNo', 'remark', 'email'] as const
type Values = Record<(typeof ORDER)[number], string>

export const BLANK: Values = { invoiceType: 'normal', title: '', taxNo: '', remark: '', email: '' }

interface Props {
  initial: Values
  amountFen: number
  /** One key for one submission: pressing again after a lost answer is the same application. */
  send: (form: Sent, key: string) => Promise<Outcome<Schemas['Invoice']>>
  onSent: (invoice: Schemas['Invoice']) => void
  onCancel: () => void
}

/** 发票申请: the form of a new application and of one that is corrected. The amount is the server's, shown and never sent. */
export function InvoiceForm({ initial, amountFen, send, onSent, onCancel }: Props) {
  const form = useForm(initial)
  const key = useRef(freshKey())
  // What was refused may be corrected: that is another submission.
  const { busy, problem, submit } = useSubmit(form, () => (key.current = freshKey()))
  const { values, errors } = form
  const special = values.invoiceType === 'special'

  async function onSubmit(event: Event) {
    event.preventDefault()
    const made = await submit(missing(values), () => send(toSend(values), key.current))
    if (made) onSent(made.data)
  }
  const text = (name: 'title' | 'taxNo' | 'email', attributes: Record<string, string>) => (control: object) => (
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
      <Field name="email" label={t('invoice-email')} error={errors.email} required>
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

/** What can be said without asking; the server decides. */
function missing({ invoiceType, title, taxNo, email }: Values): Errors {
  const errors: Errors = {}
  if (!title.trim()) errors.title = t('invoice-title-missing')
  if (invoiceType === 'special' && !taxNo.trim()) errors.taxNo = t('invoice-tax-no-missing')
  if (!/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(email.trim())) errors.email = t('invoice-email-wrong')
  return errors
}

function toSend({ invoiceType, title, taxNo, remark, email }: Values): Sent {
  const kind = invoiceType === 'special' ? ('special' as const) : ('normal' as const)
  return { type: kind, title, remark, email, ...(taxNo.trim() && { taxNo }) }
}
