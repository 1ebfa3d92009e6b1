/** The choices of the upload form, saved in this browser between visits. Photos and captcha answers are not saved. */
export interface Choices {
  ruleset: string
  card: string
  province: string
  city: string
  paymentMethod: 'balance' | 'wechat' | 'alipay'
}

const STORAGE_KEY = 'photo-choices'
const EMPTY: Choices = { ruleset: '', card: '', province: '', city: '', paymentMethod: 'balance' }

export function loadChoices(): Choices {
  try {
    return { ...EMPTY, ...(JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Choices>) }
  } catch {
    return EMPTY
  }
}

export function saveChoices({ ruleset, card, province, city, paymentMethod }: Choices): void {
  localStorage.setItem(STORAGE_KEY, JSON.stringify({ ruleset, card, province, city, paymentMethod }))
}
