import { useSignal } from '@preact/signals'
import { api, type Outcome, outcome, type Schemas } from '../api/client'
import type { Problem } from '../api/problem'
import { t } from '../i18n'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { ProblemNotice } from '../ui/notice'
import { InvoiceForm } from './form'

type Invoice = Schemas['Invoice']
type Action = 'withdraw' | 'amend' | 'delete'

interface Props {
  invoice: Invoice
  /** Called after a change, so that the parent loads the invoice again. */
  onChanged: (action: Action) => void
}

/** The actions that the service allows now. Each opens a dialog to confirm it. */
export function InvoiceActions({ invoice, onChanged }: Props) {
  const dialog = useSignal<Action | undefined>(undefined)
  const problem = useSignal<Problem | undefined>(undefined)
  const allowed = (action: Schemas['InvoiceAction']) => invoice.actions.includes(action)
  const close = () => (dialog.value = undefined)
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
    // The link is valid for minutes; its response sets the file name.
    const anchor = document.createElement('a')
    anchor.href = link.data.url
    anchor.click()
  }
  function done(action: Action) {
    close()
    onChanged(action)
  }
  return (
    <>
      {problem.value && <ProblemNotice problem={problem.value} />}
      <div class="row">
        {allowed('download') && (
          <Button icon="download" onClick={() => void download()}>
            {label(t('invoice-download'))}
          </Button>
        )}
        {(['withdraw', 'amend', 'delete'] as const).filter(allowed).map((action) => (
          <Button key={action} onClick={() => (dialog.value = action)}>
            {label(t(`invoice-${action}`))}
          </Button>
        ))}
      </div>
      {(dialog.value === 'withdraw' || dialog.value === 'delete') && (
        <ConfirmDialog invoice={invoice} action={dialog.value} onClose={close} onDone={done} />
      )}
      {dialog.value === 'amend' && <AmendDialog invoice={invoice} onClose={close} onDone={() => done('amend')} />}
    </>
  )
}

interface ConfirmProps {
  invoice: Invoice
  action: 'withdraw' | 'delete'
  onClose: () => void
  onDone: (action: Action) => void
}

function ConfirmDialog({ invoice, action, onClose, onDone }: ConfirmProps) {
  const busy = useSignal(false)
  const problem = useSignal<Problem | undefined>(undefined)
  const params = { path: { no: invoice.no } }

  async function run() {
    busy.value = true
    const result: Outcome<unknown> =
      action === 'withdraw'
        ? await outcome(api.POST('/v1/invoices/{no}/withdrawal', { params }))
        : await outcome(api.DELETE('/v1/invoices/{no}', { params }))
    busy.value = false
    if (result.ok) onDone(action)
    else problem.value = result.problem
  }
  return (
    <Dialog title={t(`invoice-${action}`)} onClose={onClose}>
      <div class="stack">
        {problem.value && <ProblemNotice problem={problem.value} />}
        <p>{t(`invoice-${action}-ask`)}</p>
        <div class="actions">
          <Button variant="primary" busy={busy.value} onClick={() => void run()}>
            {t(`invoice-yes-${action}`)}
          </Button>
          <Button onClick={onClose}>{t('invoice-cancel')}</Button>
        </div>
      </div>
    </Dialog>
  )
}

function AmendDialog({ invoice, onClose, onDone }: { invoice: Invoice; onClose: () => void; onDone: () => void }) {
  const { no, type, title, taxNo, remark, email, amountFen } = invoice
  const { buyerAddress, buyerBank, buyerPhone, buyerAccount } = invoice
  // The service masks phone and account; the form leaves them empty to keep them.
  const buyer = { buyerAddress: buyerAddress ?? '', buyerBank: buyerBank ?? '', buyerPhone: '', buyerAccount: '' }
  return (
    <Dialog title={t('invoice-amend-title')} onClose={onClose}>
      <InvoiceForm
        initial={{ invoiceType: type, title, taxNo: taxNo ?? '', ...buyer, remark, email }}
        masked={{ buyerPhone: buyerPhone ?? undefined, buyerAccount: buyerAccount ?? undefined }}
        amountFen={amountFen}
        send={(form, key) =>
          outcome(
            api.PATCH('/v1/invoices/{no}', {
              body: form,
              params: { path: { no }, header: { 'Idempotency-Key': key } },
            }),
          )
        }
        onSent={onDone}
        onCancel={onClose}
      />
    </Dialog>
  )
}
