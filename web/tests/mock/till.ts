/** The money side of the double: wallet, ledger, coupons, orders and recharges, paid by a customer who scans at once. */
import type { Schemas } from '../../src/api/client'
import { refuse, type Reply } from './accounts'

type Order = Schemas['Order']
type Recharge = Schemas['Recharge']

/** What the till needs to know of photos. */
export interface Payable {
  imageNo: string
  card: string
  region: Schemas['Place']
  priceFen: number
}

const STATE_TEXT: Record<string, string> = { 'awaiting-payment': '待付款', paid: '已付款', closed: '已关闭' }

export class Till {
  balanceFen = 55_884
  /** How long the customer takes to scan and confirm. */
  scanMs = 700
  coupons: Schemas['Coupon'][] = [
    { id: '2024011500000000000001', faceFen: 50, minSpendFen: 100, expiresAt: '2027-03-01T00:00:00Z', state: 'usable' },
    { id: '2024011500000000000002', faceFen: 100, minSpendFen: 0, expiresAt: '2026-12-31T16:00:00Z', state: 'expired' },
  ]
  readonly ledger: Schemas['Transaction'][] = []
  readonly orders: Order[] = []
  readonly recharges: Recharge[] = []
  private serial = 2024_0115_1336

  constructor(private readonly onPaid: (imageNo: string) => void) {
    this.enter('recharge', 60_000, '2024011513300000000001')
    this.enter('spend', -150, '2024011513365600000002')
    this.balanceFen = 55_884
  }

  answer(method: string, path: string, query: URLSearchParams, body: Record<string, unknown>, photo: (no: string) => Payable | undefined): Reply | undefined {
    const [, , area, no = '', part] = path.split('/')
    switch (`${method} ${area}`) {
      case 'GET wallet':
        return this.wallet()
      case 'GET transactions':
        if (no) return { status: 200, body: '序号,交易时间\r\n', headers: { 'Content-Type': 'text/csv; charset=utf-8' } }
        return this.page(this.ledger.filter((one) => fits(query, 'type', one.type) && fits(query, 'orderNo', one.orderNo)), query)
      case 'GET coupons':
        return { status: 200, body: { items: this.coupons.filter((one) => one.state === (query.get('state') ?? 'usable')) } }
      case 'GET recharges':
        if (no === 'options') return { status: 200, body: { amountsFen: [1_500, 3_000, 6_000, 15_000, 30_000, 60_000], minFen: 150, maxFen: 60_000 } }
        return { status: 200, body: this.recharges.find((one) => one.no === no) }
      case 'POST recharges':
        return this.recharge(body as unknown as Schemas['NewRecharge'])
      case 'GET orders':
        if (no) return { status: 200, body: this.orders.find((one) => one.no === no) }
        if (query.get('type') === 'recharge') return this.page(this.recharges.map(asOrder), query)
        return this.page(this.orders.filter((one) => fits(query, 'state', one.state) && fits(query, 'no', one.no)), query)
      case 'PATCH orders':
        return this.amend(no, body as unknown as Schemas['Amendment'])
      case 'POST orders':
        if (part === 'payments') return this.pay(no, body as Schemas['NewPayment'])
        if (part === 'cancellation') return this.cancel(no)
        return this.place(body as unknown as Schemas['NewOrder'], photo)
    }
    return undefined
  }

  /** Orders of earlier visits, paid from the balance. */
  seed(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const line = { imageNo: `AL${200_100_000 + i}`, card: 'resident-id', region: { province: '广东省', city: '深圳市' }, priceFen: 150 }
      this.place({ imageNos: [line.imageNo], method: 'balance' }, () => line)
      this.settle(this.orders[0]!)
    }
  }

  /** An inspection paid from the balance. */
  charge(fen: number, imageNo: string): void {
    this.enter('spend', -fen, this.number())
    this.onPaid(imageNo)
  }

  private wallet(): Reply {
    const [fen, held] = [this.balanceFen, 0]
    const body: Schemas['Wallet'] = { balanceFen: fen, heldFen: held, availableFen: fen, availableText: `¥${(fen / 100).toFixed(2)}` }
    return { status: 200, body }
  }

  private recharge({ amountFen, provider = 'wechat' }: Schemas['NewRecharge']): Reply {
    const made: Recharge = { no: this.number(), state: 'requested', amountFen, provider, requestedAt: new Date().toISOString() }
    this.recharges.unshift(made)
    setTimeout(() => {
      made.state = 'credited'
      this.enter('recharge', amountFen, made.no)
    }, this.scanMs)
    return { status: 201, body: { ...made, qrText: `weixin://wxpay/bizpayurl?pr=${made.no}` } }
  }

  private place({ imageNos, method, couponId }: Schemas['NewOrder'], photo: (no: string) => Payable | undefined): Reply {
    const photos = imageNos.map(photo)
    if (photos.some((one) => !one)) return refuse(409, 'photo-not-payable', '这张相片不能支付')
    const lines = photos.map((one) => ({ ...one!, region: `${one!.region.province}-${one!.region.city}` }))
    const grossFen = lines.reduce((sum, line) => sum + line.priceFen, 0)
    const coupon = this.coupons.find((one) => one.id === couponId)
    const discountFen = Math.min(grossFen, coupon?.faceFen ?? 0)
    const order: Order = {
      no: this.number(),
      type: 'photos',
      state: 'awaiting-payment',
      stateText: STATE_TEXT['awaiting-payment']!,
      method,
      lines,
      grossFen,
      discountFen,
      netFen: grossFen - discountFen,
      netText: `${(grossFen - discountFen) / 100}元`,
      placedAt: new Date().toISOString(),
      closeAt: new Date(Date.now() + 1_800_000).toISOString(),
      invoiceable: false,
      invoiceState: 'none',
      ...(couponId && { couponId }),
    }
    if (coupon) Object.assign(coupon, { state: 'frozen', orderNo: order.no })
    this.orders.unshift(order)
    return { status: 201, body: order }
  }

  private amend(no: string, { method, couponId }: Schemas['Amendment']): Reply {
    const order = this.orders.find((one) => one.no === no)!
    if (order.state !== 'awaiting-payment') return refuse(409, 'order-not-payable', '该订单无法支付')
    Object.assign(order, { method, couponId })
    return { status: 200, body: order }
  }

  private pay(no: string, { scene, returnUrl }: Schemas['NewPayment']): Reply {
    const order = this.orders.find((one) => one.no === no)!
    if (order.method === 'balance') {
      if (order.netFen > this.balanceFen) return refuse(402, 'balance-insufficient', '账户余额不足')
      this.enter('spend', -order.netFen, no)
      this.settle(order)
      return { status: 200, body: { order } }
    }
    setTimeout(() => this.settle(order), this.scanMs)
    const code = scene === 'page' ? { kind: 'page', url: returnUrl } : { kind: 'qr', text: `weixin://wxpay/bizpayurl?pr=${no}` }
    return { status: 200, body: { order, code } }
  }

  private cancel(no: string): Reply {
    const order = this.orders.find((one) => one.no === no)!
    Object.assign(order, { state: 'closed', stateText: STATE_TEXT.closed })
    return { status: 200, body: order }
  }

  private settle(order: Order): void {
    Object.assign(order, { state: 'paid', stateText: STATE_TEXT.paid, paidAt: new Date().toISOString(), invoiceable: order.netFen > 0, invoiceState: order.netFen > 0 ? 'open' : 'none' })
    const coupon = this.coupons.find((one) => one.id === order.couponId)
    if (coupon) Object.assign(coupon, { state: 'used', usedAt: order.paidAt })
    for (const line of order.lines) this.onPaid(line.imageNo)
  }

  private enter(type: string, amountFen: number, orderNo: string): void {
    this.balanceFen += amountFen
    const typeText = type === 'recharge' ? '充值' : '消费'
    const seq = this.ledger.length + 1
    this.ledger.unshift({ seq, type, typeText, amountFen, balanceAfterFen: this.balanceFen, orderNo, at: new Date().toISOString() })
  }

  private page(items: unknown[], query: URLSearchParams): Reply {
    const [from, limit] = [Number(query.get('cursor') ?? 0), Number(query.get('limit') ?? 20)]
    const more = items.length > from + limit
    return { status: 200, body: { items: items.slice(from, from + limit), ...(more && { nextCursor: String(from + limit) }) } }
  }

  private number(): string {
    this.serial += 1
    return `${this.serial}0000000001`
  }
}

/** A recharge as the list of orders shows it. */
const asOrder = ({ no, state, amountFen, provider, requestedAt }: Recharge): Order => ({
  no,
  type: 'recharge',
  state: state === 'credited' ? 'paid' : 'awaiting-payment',
  stateText: STATE_TEXT[state === 'credited' ? 'paid' : 'awaiting-payment']!,
  method: provider as Order['method'],
  lines: [],
  grossFen: amountFen,
  discountFen: 0,
  netFen: amountFen,
  netText: `${amountFen / 100}元`,
  placedAt: requestedAt,
  invoiceable: false,
  invoiceState: 'none',
})

const fits = (query: URLSearchParams, name: string, value: string): boolean => !query.get(name) || query.get(name) === value
