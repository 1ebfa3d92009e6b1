import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { yuan } from '../i18n/format'
import { Button, ButtonLink } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Notice } from '../ui/notice'
import { EMPTY_INVOICE, InvoiceForm } from './form'
import './invoices.css'

type Order = Schemas['Order']

export interface Selection {
  /** The selected orders by their numbers. */
  orders: ReadonlyMap<string, Order>
  toggle: (order: Order) => void
  clear: () => void
}

/** The orders selected for an invoice. The selection survives paging and changes of the filters. */
export function useSelection(): Selection {
  const orders = useSignal<ReadonlyMap<string, Order>>(new Map())
  return {
    orders: orders.value,
    toggle(order) {
      const next = new Map(orders.peek())
      if (!next.delete(order.no)) next.set(order.no, order)
      orders.value = next
    },
    clear: () => (orders.value = new Map()),
  }
}

/** Selects an order for an invoice. Disabled when the service allows no invoice for it. */
export function OrderCheckbox({ order, selection }: { order: Order; selection: Selection }) {
  return (
    <label class="choose">
      <input
        type="checkbox"
        checked={selection.orders.has(order.no)}
        disabled={!order.invoiceable}
        onChange={() => selection.toggle(order)}
      />
      <span class="visually-hidden">{t('invoice-choose', { number: order.no })}</span>
    </label>
  )
}

/** 发票申请 for the selected orders. Cancelling keeps the selection. */
export function ApplyBar({ selection, onApplied }: { selection: Selection; onApplied: () => void }) {
  const open = useSignal(false)
  const hint = useSignal(false)
  const applied = useSignal(false)
  const orders = [...selection.orders.values()]
  const totalFen = orders.reduce((sum, order) => sum + order.netFen, 0)

  function start() {
    applied.value = false
    hint.value = orders.length === 0
    open.value = orders.length > 0
  }
  function onSent() {
    open.value = false
    applied.value = true
    selection.clear()
    onApplied()
  }
  return (
    <div class="stack">
      <div class="actions">
        <Button variant="primary" onClick={start}>
          {t('invoice-apply')}
        </Button>
        {orders.length > 0 && (
          <p class="figures">{t('invoice-chosen', { count: orders.length, yuan: yuan(totalFen) })}</p>
        )}
      </div>
      {hint.value && orders.length === 0 && (
        <Notice tone="warn" title={t('invoice-choose-first')} live>
          <p>{t('invoice-choose-hint')}</p>
        </Notice>
      )}
      {applied.value && (
        <Notice tone="pass" title={t('invoice-applied')} live>
          <p>
            <ButtonLink href="/me/invoices">{t('invoice-applied-see')}</ButtonLink>
          </p>
        </Notice>
      )}
      {open.value && (
        <Dialog title={t('invoice-apply')} onClose={() => (open.value = false)}>
          <InvoiceForm
            initial={EMPTY_INVOICE}
            amountFen={totalFen}
            send={(form, key) =>
              outcome(
                api.POST('/v1/invoices', {
                  body: { ...form, orderNos: orders.map((order) => order.no) },
                  params: { header: { 'Idempotency-Key': key } },
                }),
              )
            }
            onSent={onSent}
            onCancel={() => (open.value = false)}
          />
        </Dialog>
      )}
    </div>
  )
}
