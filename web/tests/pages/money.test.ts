import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CAPTCHA_ANSWER } from '../mock/accounts'
import { expectSound, LOOKS, named, rig, shot, type Rig } from './browser'

let r: Rig
beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())

const PAGES: [path: string, heading: string, english: string][] = [
  ['/me/recharge', '账户充值', 'Top up'],
  ['/me/transactions', '交易明细', 'Transactions'],
  ['/me/coupons', '优惠券', 'Coupons'],
  ['/me/orders', '我的订单', 'My orders'],
]

const ENGLISH = [1280, 360].map((width) => ({ width, language: 'en' as const }))

describe.each([...LOOKS, ...ENGLISH].map((look) => [named(look), look] as const))('%s', (_, look) => {
  test.each(PAGES)('IC-127 IC-128 XX-03 XX-10 XX-11 %s is sound', async (path, heading, english) => {
    const visit = await r.open(path, look)
    const headings = visit.page.getByRole('heading', { level: 1, name: look.language === 'en' ? english : heading })
    await headings.waitFor()
    await visit.page.waitForLoadState('networkidle')
    await shot(visit.page, `${path.replace(/\W+/g, '-')}-${named(look)}`)
    await expectSound(visit)
    await visit.context.close()
  })
})

// Covers: IC-165, IC-166, IC-167, IC-168, IC-169
test('an amount is chosen, scanned, and the balance grows without reloading', async () => {
  r.stage.service.till.balanceFen = 4
  const visit = await r.open('/me/recharge')
  const { page } = visit
  await page.getByText('¥0.04').waitFor()
  for (const wrong of ['1.49', '600.01', '3.333']) {
    await page.getByRole('textbox', { name: '充值金额（元）' }).fill(wrong)
    await page.getByRole('button', { name: '提交' }).click()
    await page.getByRole('alert').getByText('1.5 至 600 元').waitFor()
    await page.getByRole('textbox', { name: '充值金额（元）' }).fill('')
  }
  await page.getByRole('button', { name: '15元', exact: true }).click()
  await page.getByRole('button', { name: '提交' }).click()
  const box = page.getByRole('dialog', { name: '钱包充值' })
  await box.getByRole('button', { name: '微信' }).click()
  await box.getByRole('img', { name: '微信支付二维码' }).waitFor()
  await shot(page, 'recharge-qr')
  await expectSound(visit)
  await page.getByText('充值成功，余额增加 ¥15.00').waitFor()
  await page.getByText('¥15.04').waitFor()
  await visit.context.close()
})

// Covers: IC-171, IC-172
test('the statement narrows by type and signs every amount', async () => {
  const visit = await r.open('/me/transactions')
  const { page } = visit
  await page.getByRole('cell', { name: '−1.50' }).waitFor()
  await page.getByLabel('交易类型').selectOption('recharge')
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/type=recharge/)
  await page.getByRole('cell', { name: '+600.00' }).waitFor()
  await expect.poll(() => page.getByRole('cell', { name: '−1.50' }).count()).toBe(0)
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载对账单（CSV）' }).click()
  expect((await saving).suggestedFilename()).toBe('transactions.csv')
  expect(r.stage.service.requests.at(-1)).toBe('GET /v1/transactions/statement.csv')
  await visit.context.close()
})

// Covers: IC-64, IC-65, IC-66, IC-67, IC-68, IC-70, IC-71, IC-72, IC-207
test('a photo is inspected first, ordered with a coupon, paid by WeChat, and can then be downloaded', async () => {
  r.stage.service.till.scanMs = 2_500
  const visit = await r.open('/photos/new')
  const { page } = visit
  await page.getByLabel('相片规则').selectOption('easy')
  await page.getByLabel('相片类型').selectOption('resident-id')
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  await page.getByLabel('市', { exact: true }).selectOption('深圳市')
  await page.getByLabel('支付宝').check()
  await page.getByLabel('选择相片').setInputFiles({ name: 'pay.jpg', mimeType: 'image/jpeg', buffer: r.photos.good })
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '相片上传' }).click()
  await page.getByText('符合要求，可以用于办证。').waitFor()
  expect(await page.getByRole('button', { name: '下载标准相片' }).count()).toBe(0)
  await page.getByRole('region', { name: '检测结果' }).getByRole('link', { name: '支付' }).click()

  await page.getByRole('heading', { level: 1, name: '支付订单' }).waitFor()
  for (const cell of ['第二代居民身份证数字相片', '广东省-深圳市', '符合要求', '1.5元']) await page.getByRole('cell', { name: cell }).waitFor()
  expect(await page.getByLabel('支付宝').isChecked()).toBe(true)
  await page.getByLabel('微信').check()
  await page.getByRole('combobox', { name: '优惠券' }).selectOption({ index: 1 })
  await page.getByText('应付 ¥1.00').waitFor()
  await shot(page, 'order-new')
  await expectSound(visit)
  await page.getByRole('button', { name: '确认下单' }).click()

  await page.getByRole('button', { name: '去支付 ¥1.00' }).click()
  await page.getByRole('img', { name: '微信支付二维码' }).waitFor()
  await shot(page, 'order-qr')
  await expectSound(visit)
  await page.getByText('支付成功').waitFor()
  await page.getByRole('main').getByRole('link', { name: '查看相片' }).click()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: /^下载/ }).first().click()
  expect((await saving).suggestedFilename()).toMatch(/^A[A-Z]\d{9}\.jpg$/)

  await page.goto(`${r.stage.origin}/me/coupons?tab=used`)
  await page.getByRole('link', { name: /^订单 \d+/ }).click()
  await page.getByText('−¥0.50').waitFor()
  await shot(page, 'order-paid')
  await expectSound(visit)
  await visit.context.close()
})

// Covers: IC-129, IC-130
test('orders narrow by state', async () => {
  const visit = await r.open('/me/orders')
  const { page } = visit
  await page.getByRole('cell', { name: '已付款' }).waitFor()
  await page.getByLabel('订单状态').selectOption('closed')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('没有符合条件的记录').waitFor()
  await visit.context.close()
})

// Covers: IC-131, IC-132
test('recharges are listed as their own type, and an order opens with everything about it', async () => {
  const visit = await r.open('/me/orders')
  const { page } = visit
  await page.getByRole('link', { name: /^详情/ }).first().click()
  await page.getByRole('heading', { level: 1, name: /^订单 \d+/ }).waitFor()
  for (const fact of ['订单状态', '支付方式', '优惠券', '订单金额', '优惠券抵扣', '实付金额', '下单时间', '付款时间']) {
    await page.getByRole('main').getByText(fact, { exact: true }).first().waitFor()
  }
  await page.goto(`${r.stage.origin}/me/orders`)
  await page.getByLabel('订单类型').selectOption({ label: '账户充值' })
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/type=recharge/)
  await page.getByRole('cell', { name: '¥15.00' }).waitFor()
  await visit.context.close()
})

// Covers: IC-66, IC-69, IC-73, IC-79, IC-122, IC-207
test('an open order may change its method, and the page follows the payment by itself', async () => {
  r.stage.service.till.scanMs = 2_500
  r.stage.service.seed(1)
  const photo = [...r.stage.service.photos.values()].filter((one) => one.state === 'passed').at(-1)!
  const visit = await r.open(`/orders/new?photos=${photo.imageNo}`)
  const { page } = visit
  await page.getByLabel('微信').check()
  await page.getByRole('button', { name: '确认下单' }).click()
  await page.getByRole('button', { name: '去支付 ¥1.50' }).waitFor()
  await page.getByLabel('支付宝').check()
  await expect.poll(() => r.stage.service.requests.some((one) => one.startsWith('PATCH /v1/orders/'))).toBe(true)
  await shot(page, 'order-open')
  await expectSound(visit)
  await page.getByRole('button', { name: '去支付 ¥1.50' }).click()
  const leave = page.getByRole('link', { name: /^去支付宝支付/ })
  expect(await leave.getAttribute('href')).toMatch(/\/me\/orders\/\d+$/)
  await page.getByText('支付成功').waitFor()
  expect(await page.getByRole('button', { name: /^去支付/ }).count()).toBe(0)
  await visit.context.close()
})

// Covers: IC-156, IC-157, IC-159, IC-160, IC-162
test('four tabs say where a coupon is, and a reminder says that it will expire', async () => {
  const { till } = r.stage.service
  const one = { faceFen: 50, minSpendFen: 0, expiresAt: '2027-03-01T00:00:00Z' }
  till.coupons.push(
    { ...one, id: '2024011500000000000011', state: 'frozen', frozenWhy: '核实中' },
    { ...one, id: '2024011500000000000012', state: 'usable', remindedAt: '2027-02-26T00:00:00Z' },
  )
  const visit = await r.open('/me/coupons')
  const { page } = visit
  await page.getByText('1 张优惠券将在三天内到期').waitFor()
  await page.getByText('即将到期', { exact: true }).waitFor()
  await shot(page, 'coupons-soon')
  await expectSound(visit)
  for (const [tab, sign] of [
    ['已用', '使用时间'],
    ['过期', '有效期至'],
    ['冻结', '已冻结：核实中'],
  ] as const) {
    await page.getByRole('link', { name: tab, exact: true }).click()
    await page.getByText(sign).first().waitFor()
    await shot(page, `coupons-${tab}`)
    await expectSound(visit)
  }
  await visit.context.close()
})
