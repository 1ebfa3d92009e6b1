/** The invoices' side of the double: applied for over the till's orders, decided by whoever writes the test. */
import type { Schemas } from '../../src/api/client'
import { refuse, type Reply } from './accounts'
import type { Till } from './till'

type Invoice = Schemas['Invoice']
type Form = Schemas['InvoiceForm']

const ACTIONS: Record<string, Schemas['InvoiceAction'][]> = {
  applying: ['withdraw'],
  failed: ['amend', 'delete'],
  succeeded: ['download'],
}

export class Invoices {
  readonly kept: Invoice[] = []
  /** The key of each submission that had an effect. */
  readonly keys: string[] = []
  storeOrigin = ''
  private serial = 2024_0115_1400

  constructor(private readonly till: Till) {}

  answer(method: string, path: string, query: URLSearchParams, body: unknown, key: string): Reply | undefined {
    const [, , area, no = '', part] = path.split('/')
    if (area !== 'invoices') return undefined
    if (method === 'POST' && !no) return this.apply(body as Schemas['NewInvoice'], key)
    if (method === 'GET' && !no) return this.list(query)
    const invoice = this.kept.find((one) => one.no === no)
    if (!invoice) return refuse(404, 'not-found', '找不到该内容')
    switch (`${method} ${part ?? ''}`) {
      case 'GET ':
        return { status: 200, body: invoice }
      case 'GET file':
        return { status: 200, body: { url: `${this.storeOrigin}/standard/${invoice.fiscalNo}.pdf`, expiresAt: new Date(Date.now() + 300_000).toISOString() } }
      case 'POST withdrawal':
        if (invoice.state !== 'applying') return refuse(409, 'invoice-not-withdrawable', '该申请不能撤销')
        this.free(invoice)
        return { status: 200, body: this.move(invoice, 'withdrawn') }
      case 'PATCH ':
        if (invoice.state !== 'failed') return refuse(409, 'invoice-not-amendable', '该申请不能修改')
        Object.assign(invoice, shown(body as Form, invoice))
        delete invoice.failedFor
        delete invoice.reason
        return { status: 200, body: this.move(invoice, 'applying') }
      case 'DELETE ':
        if (invoice.state !== 'failed') return refuse(409, 'invoice-not-deletable', '该申请不能删除')
        this.free(invoice)
        this.kept.splice(this.kept.indexOf(invoice), 1)
        return { status: 204 }
    }
    return undefined
  }

  /** What a clerk and the provider do. */
  issue(no: string): void {
    const invoice = this.move(this.find(no), 'succeeded')
    Object.assign(invoice, { fiscalNo: '24442000000000000001', issuedAt: '2024-01-15T05:36:56Z' })
  }

  reject(no: string, reason: string): void {
    Object.assign(this.move(this.find(no), 'failed'), { failedFor: 'rejected', reason })
  }

  private find(no: string): Invoice {
    return this.kept.find((one) => one.no === no)!
  }

  private apply(sent: Schemas['NewInvoice'], key: string): Reply {
    const orders = sent.orderNos.map((no) => this.till.orders.find((order) => order.no === no)!)
    if (orders.some((order) => !order.invoiceable)) return refuse(409, 'order-already-invoiced', '所选订单已申请发票')
    this.serial += 1
    const amountFen = orders.reduce((sum, order) => sum + order.netFen, 0)
    const now = new Date().toISOString()
    const invoice: Invoice = {
      no: `${this.serial}0000000001`,
      state: 'applying',
      ...shown(sent),
      amountFen,
      amountText: `${amountFen / 100}元`,
      orders: orders.map((order) => ({ orderNo: order.no, amountFen: order.netFen })),
      appliedAt: now,
      since: now,
      actions: ACTIONS.applying!,
    }
    for (const order of orders) Object.assign(order, { invoiceable: false, invoiceState: 'invoiced', invoiceNo: invoice.no })
    this.kept.unshift(invoice)
    this.keys.push(key)
    return { status: 201, body: invoice }
  }

  private list(query: URLSearchParams): Reply {
    const bound = (name: string, otherwise: number) => Number(query.get(name) ?? otherwise)
    const items = this.kept.filter(
      (one) =>
        (!query.get('no') || query.get('no') === one.no || query.get('no') === one.fiscalNo) &&
        (!query.get('state') || query.get('state') === one.state) &&
        one.amountFen >= bound('minFen', 0) &&
        one.amountFen <= bound('maxFen', Infinity),
    )
    return { status: 200, body: { items } }
  }

  private free(invoice: Invoice): void {
    for (const { orderNo } of invoice.orders) {
      const order = this.till.orders.find((one) => one.no === orderNo)!
      Object.assign(order, { invoiceable: true, invoiceState: 'open' })
      delete order.invoiceNo
    }
  }

  private move(invoice: Invoice, state: string): Invoice {
    return Object.assign(invoice, { state, since: new Date().toISOString(), actions: ACTIONS[state] ?? [] })
  }
}

const masked = (number: string) => `****${number.slice(-4)}`

/** As the service answers: phone and account by their last digits, and of special ones alone. */
function shown({ type, title, taxNo, remark = '', email, ...buyer }: Form, before?: Invoice) {
  const { buyerAddress, buyerPhone, buyerBank, buyerAccount } = buyer
  const special = type === 'special' && {
    buyerAddress: buyerAddress ?? '',
    buyerBank: buyerBank ?? '',
    buyerPhone: buyerPhone ? masked(buyerPhone) : before?.buyerPhone ?? '',
    buyerAccount: buyerAccount ? masked(buyerAccount) : before?.buyerAccount ?? '',
  }
  return { type, title, remark, email, ...(taxNo && { taxNo }), ...special }
}
