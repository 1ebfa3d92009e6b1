/** The choices of the upload form, kept between visits. Pictures and captcha answers are never kept. */
export interface Choices {
  ruleset: string
  card: string
  province: string
  city: string
  paymentMethod: 'balance' | 'wechat' | 'alipay'
}

const KEPT = 'photo-choices'
const BLANK: Choices = { ruleset: '', card: '', province: '', city: '', paymentMethod: 'balance' }

export function recall(): Choices {
  try {
    return { ...BLANK, ...(JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Choices>) }
  } catch {
    return BLANK
  }
}

export function keep({ ruleset, card, province, city, paymentMethod }: Choices): void {
  localStorage.setItem(KEPT, JSON.stringify({ ruleset, card, province, city, paymentMethod }))
}
