import type { Schemas } from '../../src/api/client'
import type { MockPayments } from './payments'
import { fromNow, problem, type Reply } from './reply'

type Invoice = Schemas['Invoice']
type Form = Schemas['InvoiceForm']

const ACTIONS: Record<string, Schemas['InvoiceAction'][]> = {
  applying: ['withdraw'],
  failed: ['amend', 'delete'],
  succeeded: ['download'],
}

/** Invoice applications over the orders of `payments`. Tests decide them with `issue` and `reject`. */
export class MockInvoices {
  /** Newest first, as the service lists them. */
  readonly items: Invoice[] = []
  private serial = 2024_0115_1400

  constructor(
    private readonly payments: MockPayments,
    private readonly fileUrl: (name: string) => string,
  ) {}

  answer(method: string, path: string, query: URLSearchParams, body: unknown): Reply | undefined {
    const [, , area, no = '', part] = path.split('/')
    if (area !== 'invoices') return undefined
    if (method === 'POST' && !no) return this.apply(body as Schemas['NewInvoice'])
    if (method === 'GET' && !no) return this.list(query)
    const invoice = this.items.find((one) => one.no === no)
    if (!invoice) return problem(404, 'not-found', '找不到该内容')
    switch (`${method} ${part ?? ''}`) {
      case 'GET ':
        return { status: 200, body: invoice }
      case 'GET file':
        return { status: 200, body: { url: this.fileUrl(`${invoice.fiscalNo}.pdf`), expiresAt: fromNow(300_000) } }
      case 'POST withdrawal':
        if (invoice.state !== 'applying') return problem(409, 'invoice-not-withdrawable', '该申请不能撤销')
        this.releaseOrders(invoice)
        return { status: 200, body: this.move(invoice, 'withdrawn') }
      case 'PATCH ':
        if (invoice.state !== 'failed') return problem(409, 'invoice-not-amendable', '该申请不能修改')
        Object.assign(invoice, masked(body as Form, invoice))
        delete invoice.failedFor
        delete invoice.reason
        return { status: 200, body: this.move(invoice, 'applying') }
      case 'DELETE ':
        if (invoice.state !== 'failed') return problem(409, 'invoice-not-deletable', '该申请不能删除')
        this.releaseOrders(invoice)
        this.items.splice(this.items.indexOf(invoice), 1)
        return { status: 204 }
    }
    return undefined
  }

  /** Issues the invoice, as staff and the invoice provider do. */
  issue(no: string): void {
    const invoice = this.move(this.find(no), 'succeeded')
    Object.assign(invoice, { fiscalNo: '24442000000000000001', issuedAt: '2024-01-15T05:36:56Z' })
  }

  /** Rejects the application, as staff does. */
  reject(no: string, reason: string): void {
    Object.assign(this.move(this.find(no), 'failed'), { failedFor: 'rejected', reason })
  }

  private find(no: string): Invoice {
    return this.items.find((one) => one.no === no)!
  }

  private apply(sent: Schemas['NewInvoice']): Reply {
    const orders = sent.orderNos.map((no) => this.payments.orders.find((order) => order.no === no)!)
    if (orders.some((order) => !order.invoiceable)) return problem(409, 'order-already-invoiced', '所选订单已申请发票')
    this.serial += 1
    const amountFen = orders.reduce((sum, order) => sum + order.netFen, 0)
    const now = fromNow(0)
    const invoice: Invoice = {
      no: `${this.serial}0000000001`,
      state: 'applying',
      ...masked(sent),
      amountFen,
      amountText: `${amountFen / 100}元`,
      orders: orders.map((order) => ({ orderNo: order.no, amountFen: order.netFen })),
      appliedAt: now,
      since: now,
      actions: ACTIONS.applying!,
    }
    for (const order of orders)
      Object.assign(order, { invoiceable: false, invoiceState: 'invoiced', invoiceNo: invoice.no })
    this.items.unshift(invoice)
    return { status: 201, body: invoice }
  }

  private list(query: URLSearchParams): Reply {
    const bound = (name: string, fallback: number) => Number(query.get(name) ?? fallback)
    const items = this.items.filter(
      (one) =>
        (!query.get('no') || query.get('no') === one.no || query.get('no') === one.fiscalNo) &&
        (!query.get('state') || query.get('state') === one.state) &&
        one.amountFen >= bound('minFen', 0) &&
        one.amountFen <= bound('maxFen', Infinity),
    )
    return { status: 200, body: { items } }
  }

  private releaseOrders(invoice: Invoice): void {
    for (const { orderNo } of invoice.orders) {
      const order = this.payments.orders.find((one) => one.no === orderNo)!
      Object.assign(order, { invoiceable: true, invoiceState: 'open' })
      delete order.invoiceNo
    }
  }

  private move(invoice: Invoice, state: string): Invoice {
    return Object.assign(invoice, { state, since: fromNow(0), actions: ACTIONS[state] ?? [] })
  }
}

const lastDigits = (number: string) => `****${number.slice(-4)}`

/** The form as the service returns it: buyer fields only for special invoices, phone and account masked. */
function masked({ type, title, taxNo, remark = '', email, ...buyer }: Form, before?: Invoice) {
  const { buyerAddress, buyerPhone, buyerBank, buyerAccount } = buyer
  const special = type === 'special' && {
    buyerAddress: buyerAddress ?? '',
    buyerBank: buyerBank ?? '',
    buyerPhone: buyerPhone ? lastDigits(buyerPhone) : (before?.buyerPhone ?? ''),
    buyerAccount: buyerAccount ? lastDigits(buyerAccount) : (before?.buyerAccount ?? ''),
  }
  return { type, title, remark, email, ...(taxNo && { taxNo }), ...special }
}
