import type { Schemas } from '../../src/api/client'
import { Gate } from './gate'
import { fromNow, problem, type Reply } from './reply'

type Order = Schemas['Order']
type Recharge = Schemas['Recharge']

/** A passed photo that can be ordered. */
export interface OrderablePhoto {
  imageNo: string
  card: string
  region: Schemas['Place']
  priceFen: number
}

interface Request {
  method: string
  path: string
  query: URLSearchParams
  body: unknown
}

const INITIAL_BALANCE_FEN = 55_884
const STATE_TEXT = { 'awaiting-payment': '待付款', paid: '已付款', closed: '已关闭' }

/**
 * Wallet, ledger, coupons, orders and recharges. A payment provider confirms each payment while `confirmation` is open.
 */
export class MockPayments {
  balanceFen = 0
  readonly confirmation = new Gate()
  coupons: Schemas['Coupon'][] = [
    {
      id: '2024011500000000000001',
      faceFen: 50,
      minSpendFen: 100,
      expiresAt: '2027-03-01T00:00:00Z',
      state: 'usable',
    },
    {
      id: '2024011500000000000002',
      faceFen: 100,
      minSpendFen: 0,
      expiresAt: '2026-12-31T16:00:00Z',
      state: 'expired',
    },
  ]
  readonly ledger: Schemas['Transaction'][] = []
  /** Newest first, as the service lists them. */
  readonly orders: Order[] = []
  readonly recharges: Recharge[] = []
  private serial = 2024_0115_1336

  constructor(
    private readonly findPhoto: (imageNo: string) => OrderablePhoto | undefined,
    private readonly onPhotoPaid: (imageNo: string) => void,
  ) {
    this.post('recharge', 60_000, '2024011513300000000001')
    this.post('spend', -150, '2024011513365600000002')
    this.balanceFen = INITIAL_BALANCE_FEN
  }

  answer({ method, path, query, body }: Request): Reply | undefined {
    const [, , area, no = '', part] = path.split('/')
    switch (`${method} ${area}`) {
      case 'GET wallet':
        return this.wallet()
      case 'GET transactions':
        if (no) {
          return {
            status: 200,
            body: '序号,交易时间\r\n',
            headers: { 'Content-Type': 'text/csv; charset=utf-8' },
          }
        }
        return page(
          this.ledger.filter(({ type, orderNo }) => matches(query, 'type', type) && matches(query, 'orderNo', orderNo)),
          query,
        )
      case 'GET coupons':
        return {
          status: 200,
          body: { items: this.coupons.filter(({ state }) => state === (query.get('state') ?? 'usable')) },
        }
      case 'GET recharges':
        if (no === 'options') {
          const amountsFen = [1_500, 3_000, 6_000, 15_000, 30_000, 60_000]
          return { status: 200, body: { amountsFen, minFen: 150, maxFen: 60_000 } }
        }
        return { status: 200, body: this.recharges.find((recharge) => recharge.no === no) }
      case 'POST recharges':
        return this.recharge(body as Schemas['NewRecharge'])
      case 'GET orders':
        if (no) return { status: 200, body: this.orders.find((order) => order.no === no) }
        if (query.get('type') === 'recharge') return page(this.recharges.map(asOrder), query)
        return page(
          this.orders.filter((order) => matches(query, 'state', order.state) && matches(query, 'no', order.no)),
          query,
        )
      case 'PATCH orders':
        return this.amend(no, body as Schemas['Amendment'])
      case 'POST orders':
        if (part === 'payments') return this.pay(no, body as Schemas['NewPayment'])
        if (part === 'cancellation') return this.cancel(no)
        return this.placeOrder(body as Schemas['NewOrder'])
    }
    return undefined
  }

  /** Adds orders of one photo each, paid from the balance. */
  seedPaidOrders(count: number): void {
    for (let i = 0; i < count; i += 1) {
      const region = { province: '广东省', city: '深圳市' }
      const photo = { imageNo: `AL${200_100_000 + i}`, card: 'resident-id', region, priceFen: 150 }
      this.settle(this.addOrder([photo], 'balance'))
    }
  }

  /** Pays a photo from the balance right after its inspection. */
  charge(fen: number, imageNo: string): void {
    this.post('spend', -fen, this.nextNumber())
    this.onPhotoPaid(imageNo)
  }

  private wallet(): Reply {
    const balanceFen = this.balanceFen
    const body: Schemas['Wallet'] = {
      balanceFen,
      heldFen: 0,
      availableFen: balanceFen,
      availableText: `¥${(balanceFen / 100).toFixed(2)}`,
    }
    return { status: 200, body }
  }

  private recharge({ amountFen, provider = 'wechat' }: Schemas['NewRecharge']): Reply {
    const recharge: Recharge = {
      no: this.nextNumber(),
      state: 'requested',
      amountFen,
      provider,
      requestedAt: fromNow(0),
    }
    this.recharges.unshift(recharge)
    const body = { ...recharge, qrText: `weixin://wxpay/bizpayurl?pr=${recharge.no}` }
    void this.confirmation.wait().then(() => {
      recharge.state = 'credited'
      this.post('recharge', amountFen, recharge.no)
    })
    return { status: 201, body }
  }

  private placeOrder({ imageNos, method, couponId }: Schemas['NewOrder']): Reply {
    const photos = imageNos.map(this.findPhoto)
    if (photos.some((photo) => !photo)) return problem(409, 'photo-not-payable', '这张相片不能支付')
    return { status: 201, body: this.addOrder(photos as OrderablePhoto[], method, couponId ?? undefined) }
  }

  private addOrder(photos: OrderablePhoto[], method: Order['method'], couponId?: string): Order {
    const lines = photos.map((photo) => ({ ...photo, region: `${photo.region.province}-${photo.region.city}` }))
    const grossFen = lines.reduce((sum, { priceFen }) => sum + priceFen, 0)
    const coupon = this.coupons.find(({ id }) => id === couponId)
    const discountFen = Math.min(grossFen, coupon?.faceFen ?? 0)
    const netFen = grossFen - discountFen
    const order: Order = {
      no: this.nextNumber(),
      type: 'photos',
      state: 'awaiting-payment',
      stateText: STATE_TEXT['awaiting-payment'],
      method,
      lines,
      grossFen,
      discountFen,
      netFen,
      netText: `${netFen / 100}元`,
      placedAt: fromNow(0),
      closeAt: fromNow(1_800_000),
      invoiceable: false,
      invoiceState: 'none',
      ...(couponId && { couponId }),
    }
    if (coupon) Object.assign(coupon, { state: 'frozen', orderNo: order.no })
    this.orders.unshift(order)
    return order
  }

  private amend(no: string, { method, couponId }: Schemas['Amendment']): Reply {
    const order = this.findOrder(no)
    if (order.state !== 'awaiting-payment') return problem(409, 'order-not-payable', '该订单无法支付')
    Object.assign(order, { method, couponId })
    return { status: 200, body: order }
  }

  private pay(no: string, { scene, returnUrl }: Schemas['NewPayment']): Reply {
    const order = this.findOrder(no)
    if (order.method === 'balance') {
      if (order.netFen > this.balanceFen) return problem(402, 'balance-insufficient', '账户余额不足')
      this.post('spend', -order.netFen, no)
      this.settle(order)
      return { status: 200, body: { order } }
    }
    void this.confirmation.wait().then(() => this.settle(order))
    const code =
      scene === 'page' ? { kind: 'page', url: returnUrl } : { kind: 'qr', text: `weixin://wxpay/bizpayurl?pr=${no}` }
    return { status: 200, body: { order, code } }
  }

  private cancel(no: string): Reply {
    return {
      status: 200,
      body: Object.assign(this.findOrder(no), { state: 'closed', stateText: STATE_TEXT.closed }),
    }
  }

  private settle(order: Order): void {
    const invoiceable = order.netFen > 0
    Object.assign(order, {
      state: 'paid',
      stateText: STATE_TEXT.paid,
      paidAt: fromNow(0),
      invoiceable,
      invoiceState: invoiceable ? 'open' : 'none',
    })
    const coupon = this.coupons.find(({ id }) => id === order.couponId)
    if (coupon) Object.assign(coupon, { state: 'used', usedAt: order.paidAt })
    for (const { imageNo } of order.lines) this.onPhotoPaid(imageNo)
  }

  /** Adds a ledger entry and changes the balance. */
  private post(type: 'recharge' | 'spend', amountFen: number, orderNo: string): void {
    this.balanceFen += amountFen
    this.ledger.unshift({
      seq: this.ledger.length + 1,
      type,
      typeText: type === 'recharge' ? '充值' : '消费',
      amountFen,
      balanceAfterFen: this.balanceFen,
      orderNo,
      at: fromNow(0),
    })
  }

  private findOrder(no: string): Order {
    return this.orders.find((order) => order.no === no)!
  }

  private nextNumber(): string {
    this.serial += 1
    return `${this.serial}0000000001`
  }
}

/** A recharge as an entry of the order list. */
const asOrder = ({ no, state, amountFen, provider, requestedAt }: Recharge): Order => ({
  no,
  type: 'recharge',
  state: state === 'credited' ? 'paid' : 'awaiting-payment',
  stateText: STATE_TEXT[state === 'credited' ? 'paid' : 'awaiting-payment'],
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

/** One page of a list. The cursor is the index of its first item. */
function page(items: unknown[], query: URLSearchParams): Reply {
  const from = Number(query.get('cursor') ?? 0)
  const end = from + Number(query.get('limit') ?? 20)
  const nextCursor = items.length > end ? { nextCursor: String(end) } : {}
  return { status: 200, body: { items: items.slice(from, end), ...nextCursor } }
}

const matches = (query: URLSearchParams, name: string, value: string): boolean =>
  !query.get(name) || query.get(name) === value
