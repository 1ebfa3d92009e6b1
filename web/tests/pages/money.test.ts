import { beforeEach, describe, expect, test } from 'vitest'
import { fillUploadForm } from './actions'
import { expectAccessible, expectAccessibleInLightAndDark, screenshot, setUpTestSite, WIDTHS } from './test-site'

const site = setUpTestSite()
beforeEach(() => site.api.payments.confirmation.open())

const PAGES: [path: string, heading: string, english: string][] = [
  ['/me/recharge', '账户充值', 'Top up'],
  ['/me/transactions', '交易明细', 'Transactions'],
  ['/me/coupons', '优惠券', 'Coupons'],
  ['/me/orders', '我的订单', 'My orders'],
]

describe.each(WIDTHS)('at %i px', (width) => {
  // Covers: IC-127, IC-128, XX-03, XX-10, XX-11
  test.each(PAGES)('%s is accessible and does not scroll sideways', async (path, heading) => {
    const testPage = await site.visit(path, { width })
    await testPage.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, `${path.replace(/\W+/g, '-')}-${width}`)
  })

  // Covers: XX-03, XX-09
  test.each(PAGES)('%s in English is accessible and does not scroll sideways', async (path, _, heading) => {
    const testPage = await site.visit(path, { width, language: 'en' })
    await testPage.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await testPage.settle()
    await screenshot(testPage.page, `${path.replace(/\W+/g, '-')}-${width}-en`)
    await expectAccessible(testPage)
  })
})

// Covers: IC-165, IC-166, IC-167, IC-168, IC-169
test('recharge rejects amounts out of range and updates the balance after the payment', async () => {
  const { payments } = site.api
  payments.balanceFen = 4
  payments.confirmation.close()
  const testPage = await site.open('/me/recharge')
  const { page } = testPage
  const amount = page.getByRole('textbox', { name: '充值金额（元）' })
  await page.getByText('¥0.04').waitFor()
  for (const invalid of ['1.49', '600.01', '3.333']) {
    await amount.fill(invalid)
    await page.getByRole('button', { name: '提交' }).click()
    await page.getByRole('alert').getByText('1.5 至 600 元').waitFor()
    await amount.fill('')
    await page.getByRole('alert').waitFor({ state: 'detached' })
  }
  await page.getByRole('button', { name: '15元', exact: true }).click()
  await page.getByRole('button', { name: '提交' }).click()
  const dialog = page.getByRole('dialog', { name: '钱包充值' })
  await dialog.getByRole('button', { name: '微信' }).click()
  await dialog.getByRole('img', { name: '微信支付二维码' }).waitFor()
  await screenshot(page, 'recharge-qr')
  await expectAccessible(testPage)
  payments.confirmation.open()
  await page.getByText('充值成功，余额增加 ¥15.00').waitFor()
  await page.getByText('¥15.04').waitFor()
})

// Covers: IC-171, IC-172
test('transactions show signed amounts, are filtered by type and downloaded as CSV', async () => {
  const { page } = await site.open('/me/transactions')
  await page.getByRole('cell', { name: '−1.50' }).waitFor()
  await page.getByLabel('交易类型').selectOption('recharge')
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/type=recharge/)
  await page.getByRole('cell', { name: '+600.00' }).waitFor()
  await expect.poll(() => page.getByRole('cell', { name: '−1.50' }).count()).toBe(0)
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载对账单（CSV）' }).click()
  expect((await download).suggestedFilename()).toBe('transactions.csv')
  expect(site.api.requests).toContain('GET /v1/transactions/statement.csv')
})

// Covers: IC-64, IC-65, IC-66, IC-67, IC-68, IC-70, IC-71, IC-72, IC-207
test('a passed photo is ordered with a coupon and paid by WeChat, and can be downloaded only then', async () => {
  const { payments } = site.api
  payments.confirmation.close()
  const testPage = await site.open('/photos/new')
  const { page } = testPage
  await fillUploadForm(page, { file: { name: 'pay.jpg', content: site.photos.straight } })
  await page.getByLabel('支付宝').check()
  await page.getByRole('button', { name: '相片上传' }).click()
  await page.getByText('符合要求，可以用于办证。').waitFor()
  expect(await page.getByRole('button', { name: '下载标准相片' }).count()).toBe(0)
  await page.getByRole('region', { name: '检测结果' }).getByRole('link', { name: '支付' }).click()

  await page.getByRole('heading', { level: 1, name: '支付订单' }).waitFor()
  for (const cell of ['第二代居民身份证数字相片', '广东省-深圳市', '符合要求', '1.5元']) {
    await page.getByRole('cell', { name: cell }).waitFor()
  }
  expect(await page.getByLabel('支付宝').isChecked()).toBe(true)
  await page.getByLabel('微信').check()
  await page.getByRole('combobox', { name: '优惠券' }).selectOption({ index: 1 })
  await page.getByText('应付 ¥1.00').waitFor()
  await screenshot(page, 'order-new')
  await expectAccessible(testPage)
  await page.getByRole('button', { name: '确认下单' }).click()

  await page.getByRole('button', { name: '去支付 ¥1.00' }).click()
  await page.getByRole('img', { name: '微信支付二维码' }).waitFor()
  await screenshot(page, 'order-qr')
  await expectAccessible(testPage)
  payments.confirmation.open()
  await page.getByText('支付成功').waitFor()
  await page.getByRole('main').getByRole('link', { name: '查看相片' }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /^下载/ }).first().click()
  expect((await download).suggestedFilename()).toMatch(/^A[A-Z]\d{9}\.jpg$/)

  await page.goto(`${site.origin}/me/coupons?tab=used`)
  await page.getByRole('link', { name: /^订单 \d+/ }).click()
  await page.getByText('−¥0.50').waitFor()
  await screenshot(page, 'order-paid')
  await expectAccessible(testPage)
})

// Covers: IC-129, IC-130
test('order list is filtered by state', async () => {
  site.api.payments.seedPaidOrders(1)
  const { page } = await site.open('/me/orders')
  await page.getByRole('cell', { name: '已付款' }).first().waitFor()
  await page.getByLabel('订单状态').selectOption('closed')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('没有符合条件的记录').waitFor()
})

// Covers: IC-131
test('an order in the list opens with all its facts', async () => {
  const { payments } = site.api
  const [coupon] = payments.coupons
  payments.seedPaidOrders(1)
  Object.assign(payments.orders[0]!, { couponId: coupon!.id, discountFen: 50, netFen: 100 })
  const { page } = await site.open('/me/orders')
  await page.getByRole('link', { name: /^详情/ }).first().click()
  await page.getByRole('heading', { level: 1, name: /^订单 \d+/ }).waitFor()
  const facts = ['订单状态', '支付方式', '优惠券', '订单金额', '优惠券抵扣', '实付金额', '下单时间', '付款时间']
  for (const fact of facts) await page.getByRole('main').getByText(fact, { exact: true }).first().waitFor()
})

// Covers: IC-132
test('order list shows recharges when their type is selected', async () => {
  const amountFen = 3_000
  const recharge = { method: 'POST', path: '/v1/recharges', query: new URLSearchParams(), body: { amountFen } }
  site.api.payments.answer(recharge)
  const { page } = await site.open('/me/orders')
  await page.getByLabel('订单类型').selectOption({ label: '账户充值' })
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/type=recharge/)
  await page.getByRole('cell', { name: '¥30.00' }).waitFor()
})

// Covers: IC-66, IC-69, IC-73, IC-79, IC-122, IC-207
test('an unpaid order can change its payment method, and its page shows the payment without a reload', async () => {
  const { api } = site
  api.payments.confirmation.close()
  api.seedPhotos(1)
  const photo = [...api.photos.values()].filter(({ state }) => state === 'passed').at(-1)!
  const testPage = await site.open(`/orders/new?photos=${photo.imageNo}`)
  const { page } = testPage
  await page.getByLabel('微信').check()
  await page.getByRole('button', { name: '确认下单' }).click()
  await page.getByRole('button', { name: '去支付 ¥1.50' }).waitFor()
  await page.getByLabel('支付宝').check()
  await expect.poll(() => api.payments.orders[0]!.method).toBe('alipay')
  await testPage.settle()
  await screenshot(page, 'order-open')
  await expectAccessible(testPage)
  await page.getByRole('button', { name: '去支付 ¥1.50' }).click()
  const providerLink = page.getByRole('link', { name: /^去支付宝支付/ })
  expect(await providerLink.getAttribute('href')).toMatch(/\/me\/orders\/\d+$/)
  api.payments.confirmation.open()
  await page.getByText('支付成功').waitFor()
  expect(await page.getByRole('button', { name: /^去支付/ }).count()).toBe(0)
})

// Covers: IC-156, IC-157, IC-159, IC-160, IC-162
test('coupons are listed in four tabs by state, and expiring ones are announced', async () => {
  const coupon = { faceFen: 50, minSpendFen: 0, expiresAt: '2027-03-01T00:00:00Z' }
  site.api.payments.coupons = [
    { ...coupon, id: '2024011500000000000011', state: 'frozen', frozenWhy: '核实中' },
    { ...coupon, id: '2024011500000000000012', state: 'usable', remindedAt: '2027-02-26T00:00:00Z' },
    { ...coupon, id: '2024011500000000000013', state: 'used', usedAt: '2024-01-15T05:36:56Z' },
    { ...coupon, id: '2024011500000000000014', state: 'expired', expiresAt: '2026-12-31T16:00:00Z' },
  ]
  const testPage = await site.open('/me/coupons')
  const { page } = testPage
  await page.getByText('1 张优惠券将在三天内到期').waitFor()
  await page.getByText('即将到期', { exact: true }).waitFor()
  await screenshot(page, 'coupons-soon')
  await expectAccessible(testPage)
  const tabs = { 已用: '使用时间', 过期: '有效期至', 冻结: '已冻结：核实中' }
  for (const [tab, text] of Object.entries(tabs)) {
    await page.getByRole('link', { name: tab, exact: true }).click()
    await page.getByText(text).first().waitFor()
    await testPage.settle()
    await screenshot(page, `coupons-${tab}`)
    await expectAccessible(testPage)
  }
})
