import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { expectSound, LOOKS, named, rig, shot, type Rig } from './browser'

let r: Rig
beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())

beforeEach(() => {
  const { till, invoices } = r.stage.service
  till.orders.splice(0)
  invoices.kept.splice(0)
  till.seed(6)
})

const boxes = (page: Page) => page.getByRole('checkbox', { name: /^选择订单/ })
const dialog = (page: Page) => page.getByRole('dialog', { name: '发票申请' })

/** Ticks the first orders and opens the form. */
async function opened(page: Page, orders: number) {
  await boxes(page).first().waitFor()
  for (let n = 0; n < orders; n += 1) await boxes(page).nth(n).check()
  await page.getByRole('button', { name: '发票申请' }).click()
  await dialog(page).waitFor()
}

async function filled(page: Page) {
  await page.getByRole('textbox', { name: '发票抬头' }).fill('某某公司')
  await page.getByRole('textbox', { name: '邮箱' }).fill('buyer@example.cn')
}

/** One application over the till's first orders, made past the pages. */
function applied(orders: number): string {
  const { till, invoices } = r.stage.service
  const orderNos = till.orders.filter((order) => order.invoiceable).slice(0, orders).map((order) => order.no)
  const form = { type: 'normal' as const, title: '某某公司', remark: '', email: 'buyer@example.cn' }
  invoices.answer('POST', '/v1/invoices', new URLSearchParams(), { ...form, orderNos }, 'seed')
  return invoices.kept[0]!.no
}

describe.each(LOOKS.map((look) => [named(look), look] as const))('%s', (_, look) => {
  // Covers: IC-127, XX-03, XX-10, XX-11
  test('list, detail and form of invoices are sound', async () => {
    const [failed, issued] = [applied(1), applied(2)]
    r.stage.service.invoices.reject(failed, '抬头与税号不符')
    r.stage.service.invoices.issue(issued)
    const visit = await r.open('/me/invoices', look)
    const { page } = visit
    await page.getByRole('cell', { name: '申请失败' }).waitFor()
    await shot(page, `invoices-${look.scheme}-${look.width}`)
    await expectSound(visit)
    for (const no of [failed, issued]) {
      await page.goto(`${r.stage.origin}/me/invoices/${no}`)
      await page.getByText('某某公司').waitFor()
      await shot(page, `invoice-${no === failed ? 'failed' : 'issued'}-${look.scheme}-${look.width}`)
      await expectSound(visit)
    }
    await page.goto(`${r.stage.origin}/me/orders`)
    await boxes(page).nth(5).check()
    await page.getByRole('button', { name: '发票申请' }).click()
    await page.getByRole('radio', { name: '专票' }).check()
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('alert').waitFor()
    await shot(page, `invoice-form-${look.scheme}-${look.width}`)
    await expectSound(visit)
    await visit.context.close()
  })
})

// Covers: IC-133, IC-134
test('only paid orders can be ticked, and none ticked is said', async () => {
  const { till } = r.stage.service
  Object.assign(till.orders[0]!, { state: 'awaiting-payment', invoiceable: false, invoiceState: 'none' })
  Object.assign(till.orders[1]!, { state: 'refunded', invoiceable: false, invoiceState: 'none' })
  const { page, context } = await r.open('/me/orders')
  await boxes(page).first().waitFor()
  expect(await Promise.all([0, 1, 2].map((n) => boxes(page).nth(n).isDisabled()))).toEqual([true, true, false])
  await page.getByRole('button', { name: '发票申请' }).click()
  await page.getByText('请先勾选要开票的订单').waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  await context.close()
})

// Covers: IC-135, IC-136, IC-142
test('five orders are 7.5 yuan, read only; afterwards their boxes are grey', async () => {
  const { page, context, faults } = await r.open('/me/orders')
  await opened(page, 5)
  await dialog(page).getByText('7.5 元').waitFor()
  expect(await dialog(page).getByRole('spinbutton').count()).toBe(0)
  expect(await dialog(page).getByRole('radio').count()).toBe(2)
  expect(await dialog(page).getByRole('radio', { name: '普票' }).isChecked()).toBe(true)
  await filled(page)
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByText('发票申请已提交').waitFor()
  await expect.poll(async () => Promise.all([0, 1, 2, 3, 4, 5].map((n) => boxes(page).nth(n).isDisabled()))).toEqual([true, true, true, true, true, false])
  expect(await page.getByRole('link', { name: '已申请发票' }).count()).toBe(5)
  const [invoice] = r.stage.service.invoices.kept
  expect([invoice!.amountFen, invoice!.orders.length]).toEqual([750, 5])
  await page.getByRole('link', { name: '查看我的发票' }).click()
  await page.getByRole('rowheader', { name: invoice!.no }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

const COMPANY = { 注册地址: '深圳市福田区深南大道 1 号', 注册电话: '0755-12345678', 开户银行: '招商银行深圳分行', 银行账号: '755920304010501' }

// Covers: IC-135, IC-137, IC-138, IC-139, IC-140
test('what is missing is said beside its field', async () => {
  const { page, context } = await r.open('/me/orders')
  await opened(page, 1)
  await page.getByRole('button', { name: '确定' }).click()
  const summary = page.getByRole('alert')
  for (const text of ['请填写发票抬头', '请填写正确的邮箱地址']) await summary.getByText(text).waitFor()
  expect(await summary.getByText('税号').count()).toBe(0)
  expect(await page.getByRole('textbox', { name: '银行账号' }).count(), 'an ordinary invoice asks for no bank').toBe(0)
  await filled(page)
  await dialog(page).getByRole('radio', { name: '专票' }).check()
  await page.getByRole('button', { name: '确定' }).click()
  for (const name of ['税号', ...Object.keys(COMPANY)]) await summary.getByText(`专票必须填写${name}`).waitFor()
  await page.getByRole('textbox', { name: '税号' }).fill('91350100M000100Y43')
  for (const [name, value] of Object.entries(COMPANY)) await page.getByRole('textbox', { name }).fill(value)
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByText('发票申请已提交').waitFor()
  const [made] = r.stage.service.invoices.kept
  expect(made).toMatchObject({ type: 'special', taxNo: '91350100M000100Y43', buyerBank: '招商银行深圳分行', buyerAccount: '****0501', remark: '' })
  r.stage.service.invoices.reject(made!.no, '开户银行有误')
  await page.goto(`${r.stage.origin}/me/invoices/${made!.no}`)
  await page.getByText('****0501').waitFor()
  await page.getByRole('button', { name: /^修改/ }).click()
  await page.getByText('已填写 ****0501，不改可留空').waitFor()
  await page.getByRole('textbox', { name: '开户银行' }).fill('中国银行深圳分行')
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByText('中国银行深圳分行').waitFor()
  await page.getByText('****0501').waitFor()
  await context.close()
})

// Covers: IC-141
test('cancelling closes the form and keeps the ticks', async () => {
  const { page, context } = await r.open('/me/orders')
  await opened(page, 2)
  await page.getByRole('button', { name: '取消' }).click()
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await page.getByText('已选 2 个订单，共 3 元').waitFor()
  expect(await boxes(page).nth(1).isChecked()).toBe(true)
  expect(r.stage.service.invoices.kept).toEqual([])
  await context.close()
})

// Covers: IC-177
test('invoices narrow by number, state and amount', async () => {
  const [small, large] = [applied(1), applied(3)]
  r.stage.service.invoices.reject(small, '抬头有误')
  const { page, context } = await r.open('/me/invoices')
  const row = (no: string) => page.getByRole('rowheader', { name: no })
  const only = async (address: string, shown: string, hidden: string) => {
    await page.goto(`${r.stage.origin}/me/invoices?${address}`)
    await row(shown).waitFor()
    expect(await row(hidden).count()).toBe(0)
  }
  await row(large).waitFor()
  await page.getByLabel('申请状态').selectOption('failed')
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/state=failed/)
  await expect.poll(() => row(large).count()).toBe(0)
  await only(`no=${large}`, large, small)
  await only('min=4.5', large, small)
  await only('max=4.49', small, large)
  await context.close()
})

// Covers: IC-179
test('an application is withdrawn and its orders can be ticked again', async () => {
  applied(1)
  const { page, context } = await r.open('/me/invoices')
  await page.getByRole('button', { name: /^撤销/ }).click()
  await page.getByRole('button', { name: '确认撤销' }).click()
  await page.getByRole('cell', { name: '已撤销' }).waitFor()
  expect(await page.getByRole('button', { name: /^撤销/ }).count()).toBe(0)
  await page.goto(`${r.stage.origin}/me/orders`)
  await boxes(page).first().waitFor()
  expect(await boxes(page).first().isDisabled()).toBe(false)
  await context.close()
})

// Covers: IC-180, IC-183
test('a failed one says why, is corrected and is applied for again', async () => {
  const no = applied(1)
  r.stage.service.invoices.reject(no, '抬头与税号不符')
  const { page, context } = await r.open(`/me/invoices/${no}`)
  await page.getByText('抬头与税号不符').waitFor()
  await page.getByRole('button', { name: /^修改/ }).click()
  expect(await page.getByRole('textbox', { name: '发票抬头' }).inputValue()).toBe('某某公司')
  await page.getByRole('textbox', { name: '发票抬头' }).fill('另一公司')
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByText('申请中').waitFor()
  await page.getByText('另一公司').waitFor()
  expect(await page.getByText('抬头与税号不符').count()).toBe(0)
  await context.close()
})

// Covers: IC-181
test('a failed one is deleted and gone', async () => {
  const no = applied(1)
  r.stage.service.invoices.reject(no, '抬头有误')
  const { page, context } = await r.open('/me/invoices')
  await page.getByRole('button', { name: /^删除/ }).click()
  await page.getByRole('button', { name: '确认删除' }).click()
  await page.getByText('还没有发票申请').waitFor()
  await context.close()
})

// Covers: IC-178
test('an issued one shows its number and its file is downloaded by a link of its own', async () => {
  const no = applied(2)
  r.stage.service.invoices.issue(no)
  const { page, context } = await r.open('/me/invoices')
  await page.getByRole('link', { name: /^详情/ }).click()
  await page.getByText('24442000000000000001').waitFor()
  await page.getByText('2024-01-15 13:36:56').waitFor()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: /^下载发票/ }).click()
  expect((await saving).suggestedFilename()).toBe('24442000000000000001.pdf')
  await context.close()
})

// Covers: IC-182
test('a state that changed meanwhile is refused and said', async () => {
  const no = applied(1)
  const { page, context } = await r.open('/me/invoices')
  await page.getByRole('button', { name: /^撤销/ }).click()
  r.stage.service.invoices.issue(no)
  await page.getByRole('button', { name: '确认撤销' }).click()
  await page.getByText('该申请不能撤销').waitFor()
  await context.close()
})

// Covers: XX-09
test('invoices speak English', async () => {
  applied(1)
  const { page, context } = await r.open('/me/invoices', { language: 'en' })
  await page.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor()
  await page.getByRole('cell', { name: 'Applied for' }).waitFor()
  await context.close()
})
