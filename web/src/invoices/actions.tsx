import { useSignal } from '@preact/signals'
import { api, outcome, type Outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { ProblemNotice } from '../ui/notice'
import { InvoiceForm } from './form'

type Invoice = Schemas['Invoice']
type Open = 'withdraw' | 'amend' | 'delete'

interface Props {
  invoice: Invoice
  /** Something was done: read again. */
  onChanged: (what: Open) => void
}

/** What the server says may be done now, each behind one more question. */
export function InvoiceActions({ invoice, onChanged }: Props) {
  const open = useSignal<Open | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const may = (action: Schemas['InvoiceAction']) => invoice.actions.includes(action)
  const close = () => (open.value = undefined)
  const label = (text: string) => (
    <>
      {text}
      <span class="visually-hidden"> {invoice.no}</span>
    </>
  )

  async function download() {
    problem.value = undefined
    const params = { path: { no: invoice.no } }
    const link = await outcome(api.GET('/v1/invoices/{no}/file', { params, cache: 'no-store' }))
    if (!link.ok) {
      problem.value = link.problem
      return
    }
    // Links live for minutes; the store names the file.
    const anchor = document.createElement('a')
    anchor.href = link.data.url
    anchor.click()
  }
  function done(what: Open) {
    close()
    onChanged(what)
  }
  return (
    <>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <div class="row">
        {may('download') && (
          <Button icon="download" onClick={() => void download()}>
            {label(t('invoice-download'))}
          </Button>
        )}
        {(['withdraw', 'amend', 'delete'] as const).filter(may).map((action) => (
          <Button key={action} onClick={() => (open.value = action)}>
            {label(t(`invoice-${action}`))}
          </Button>
        ))}
      </div>
      {(open.value === 'withdraw' || open.value === 'delete') && (
        <Confirm invoice={invoice} action={open.value} onClose={close} onDone={done} />
      )}
      {open.value === 'amend' && <Amend invoice={invoice} onClose={close} onDone={() => done('amend')} />}
    </>
  )
}

interface ConfirmProps {
  invoice: Invoice
  action: 'withdraw' | 'delete'
  onClose: () => void
  onDone: (what: Open) => void
}

function Confirm({ invoice, action, onClose, onDone }: ConfirmProps) {
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const params = { path: { no: invoice.no } }

  async function act() {
    busy.value = true
    const answer: Outcome<unknown> =
      action === 'withdraw'
        ? await outcome(api.POST('/v1/invoices/{no}/withdrawal', { params }))
        : await outcome(api.DELETE('/v1/invoices/{no}', { params }))
    busy.value = false
    if (answer.ok) onDone(action)
    else problem.value = answer.problem
  }
  return (
    <Dialog title={t(`invoice-${action}`)} onClose={onClose}>
      <div class="stack">
        {problem.value && <ProblemNotice problem={problem.value} />}
        <p>{t(`invoice-${action}-ask`)}</p>
        <div class="actions">
          <Button look="primary" busy={busy.value} onClick={() => void act()}>
            {t(`invoice-yes-${action}`)}
          </Button>
          <Button onClick={onClose}>{t('invoice-cancel')}</Button>
        </div>
      </div>
    </Dialog>
  )
}

function Amend({ invoice, onClose, onDone }: { invoice: Invoice; onClose: () => void; onDone: () => void }) {
  const { no, type, title, taxNo, remark, email, amountFen } = invoice
  const { buyerAddress, buyerBank, buyerPhone, buyerAccount } = invoice
  const shown = { buyerAddress: buyerAddress ?? '', buyerBank: buyerBank ?? '', buyerPhone: '', buyerAccount: '' }
  return (
    <Dialog title={t('invoice-amend-title')} onClose={onClose}>
      <InvoiceForm
        initial={{ invoiceType: type, title, taxNo: taxNo ?? '', ...shown, remark, email }}
        known={{ buyerPhone: buyerPhone ?? undefined, buyerAccount: buyerAccount ?? undefined }}
        amountFen={amountFen}
        send={(form, key) =>
          outcome(
            api.PATCH('/v1/invoices/{no}', { body: form, params: { path: { no }, header: { 'Idempotency-Key': key } } }),
          )
        }
        onSent={onDone}
        onCancel={onClose}
      />
    </Dialog>
  )
}
