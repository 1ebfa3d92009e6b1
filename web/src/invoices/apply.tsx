import { useSignal } from '@preact/signals'
import { api, outcome, type Schemas } from '../api/client'
import { t } from '../i18n'
import { yuan } from '../i18n/format'
import { Button, ButtonLink } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { Notice } from '../ui/notice'
import { BLANK, InvoiceForm } from './form'
import './invoices.css'

type Order = Schemas['Order']

export interface Selection {
  chosen: ReadonlyMap<string, Order>
  toggle: (order: Order) => void
  clear: () => void
}

/** The ticked orders, kept while pages are turned and filters change. */
export function useSelection(): Selection {
  const chosen = useSignal<ReadonlyMap<string, Order>>(new Map())
  return {
    chosen: chosen.value,
    toggle(order) {
      const next = new Map(chosen.peek())
      if (!next.delete(order.no)) next.set(order.no, order)
      chosen.value = next
    },
    clear: () => (chosen.value = new Map()),
  }
}

/** A box that can be ticked only where an invoice may be asked for. */
export function Choose({ order, selection }: { order: Order; selection: Selection }) {
  return (
    <label class="choose">
      <input
        type="checkbox"
        checked={selection.chosen.has(order.no)}
        disabled={!order.invoiceable}
        onChange={() => selection.toggle(order)}
      />
      <span class="visually-hidden">{t('invoice-choose', { number: order.no })}</span>
    </label>
  )
}

/** 发票申请 over the ticked orders. Cancelling keeps the ticks. */
export function ApplyBar({ selection, onApplied }: { selection: Selection; onApplied: () => void }) {
  const open = useSignal(false)
  const hint = useSignal(false)
  const applied = useSignal(false)
  const orders = [...selection.chosen.values()]
  const totalFen = orders.reduce((sum, order) => sum + order.netFen, 0)

  function start() {
    applied.value = false
    hint.value = orders.length === 0
    open.value = orders.length > 0
  }
  function sent() {
    open.value = false
    applied.value = true
    selection.clear()
    onApplied()
  }
  return (
    <div class="stack">
      <div class="actions">
        <Button look="primary" onClick={start}>
          {t('invoice-apply')}
        </Button>
        {orders.length > 0 && <p class="figures">{t('invoice-chosen', { count: orders.length, yuan: yuan(totalFen) })}</p>}
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
            initial={BLANK}
            amountFen={totalFen}
            send={(form, key) =>
              outcome(
                api.POST('/v1/invoices', {
                  body: { ...form, orderNos: orders.map((order) => order.no) },
                  params: { header: { 'Idempotency-Key': key } },
                }),
              )
            }
            onSent={sent}
            onCancel={() => (open.value = false)}
          />
        </Dialog>
      )}
    </div>
  )
}
