import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { CAPTCHA_ANSWER } from '../mock/accounts'
import { expectSound, LOOKS, named, rig, shot, type Rig } from './browser'

let r: Rig
beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())

const PAGES: [path: string, heading: string][] = [
  ['/me/recharge', '账户充值'],
  ['/me/transactions', '交易明细'],
  ['/me/coupons', '优惠券'],
  ['/me/orders', '我的订单'],
]

describe.each(LOOKS.map((look) => [named(look), look] as const))('%s', (_, look) => {
  test.each(PAGES)('IC-127 IC-128 XX-03 XX-10 XX-11 %s is sound', async (path, heading) => {
    const visit = await r.open(path, look)
    await visit.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await visit.page.waitForLoadState('networkidle')
    await shot(visit.page, `${path.replace(/\W+/g, '-')}-${look.scheme}-${look.width}`)
    await expectSound(visit)
    await visit.context.close()
  })
})

test('IC-165 IC-166 IC-167 IC-168 IC-169 an amount is chosen, scanned, and the balance grows without reloading', async () => {
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

test('IC-171 IC-172 the statement narrows by type and signs every amount', async () => {
  const visit = await r.open('/me/transactions')
  const { page } = visit
  await page.getByRole('cell', { name: '−1.50' }).waitFor()
  await page.getByLabel('交易类型').selectOption('recharge')
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/type=recharge/)
  await page.getByRole('cell', { name: '+600.00' }).waitFor()
  await expect.poll(() => page.getByRole('cell', { name: '−1.50' }).count()).toBe(0)
  await visit.context.close()
})

test('IC-64 IC-65 IC-66 IC-67 IC-68 IC-70 IC-71 IC-72 IC-207 a photo is inspected first, ordered with a coupon, paid by WeChat, and can then be downloaded', async () => {
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

test('IC-129 IC-130 orders narrow by state', async () => {
  const visit = await r.open('/me/orders')
  const { page } = visit
  await page.getByRole('cell', { name: '已付款' }).waitFor()
  await page.getByLabel('订单状态').selectOption('closed')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('没有符合条件的记录').waitFor()
  await visit.context.close()
})
