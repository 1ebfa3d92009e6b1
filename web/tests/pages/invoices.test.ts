import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { expectAccessibleInLightAndDark, setUpTestSite, WIDTHS } from './test-site'

const site = setUpTestSite()

beforeEach(() => {
  const { payments, invoices } = site.api
  payments.orders.splice(0)
  invoices.items.splice(0)
  payments.seedPaidOrders(6)
})

const checkboxes = (page: Page) => page.getByRole('checkbox', { name: /^选择订单/ })
const form = (page: Page) => page.getByRole('dialog', { name: '发票申请' })

/** Selects the first orders of the list and opens the form. */
async function openForm(page: Page, orders: number): Promise<void> {
  await checkboxes(page).first().waitFor()
  for (let index = 0; index < orders; index += 1) await checkboxes(page).nth(index).check()
  await page.getByRole('button', { name: '发票申请' }).click()
  await form(page).waitFor()
}

async function fillForm(page: Page): Promise<void> {
  await page.getByRole('textbox', { name: '发票抬头' }).fill('某某公司')
  await page.getByRole('textbox', { name: '邮箱' }).fill('buyer@example.cn')
}

/** Creates an application for the first invoiceable orders without the page. Returns its number. */
function applyForInvoice(orders: number): string {
  const { payments, invoices } = site.api
  const invoiceable = payments.orders.filter((order) => order.invoiceable)
  const orderNos = invoiceable.slice(0, orders).map(({ no }) => no)
  const body = { type: 'normal' as const, title: '某某公司', remark: '', email: 'buyer@example.cn', orderNos }
  invoices.answer('POST', '/v1/invoices', new URLSearchParams(), body)
  return invoices.items[0]!.no
}

describe.each(WIDTHS)('at %i px', (width) => {
  // Covers: IC-127, XX-03, XX-10, XX-11
  test('list, detail and form of invoices are accessible and do not scroll sideways', async () => {
    const [failed, issued] = [applyForInvoice(1), applyForInvoice(2)]
    site.api.invoices.reject(failed, '抬头与税号不符')
    site.api.invoices.issue(issued)
    const testPage = await site.open('/me/invoices', { width })
    const { page } = testPage
    await page.getByRole('cell', { name: '申请失败' }).waitFor()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, `invoices-${width}`)
    for (const no of [failed, issued]) {
      await page.goto(`${site.origin}/me/invoices/${no}`)
      await page.getByText('某某公司').waitFor()
      await testPage.settle()
      await expectAccessibleInLightAndDark(testPage, `invoice-${no === failed ? 'failed' : 'issued'}-${width}`)
    }
    await page.goto(`${site.origin}/me/orders`)
    await checkboxes(page).nth(5).check()
    await page.getByRole('button', { name: '发票申请' }).click()
    await page.getByRole('radio', { name: '专票' }).check()
    await page.getByRole('button', { name: '确定' }).click()
    await page.getByRole('alert').waitFor()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, `invoice-form-${width}`)
  })
})

// Covers: IC-133, IC-134
test('only paid orders can be selected, and applying without a selection shows what to do', async () => {
  const { payments } = site.api
  Object.assign(payments.orders[0]!, { state: 'awaiting-payment', invoiceable: false, invoiceState: 'none' })
  Object.assign(payments.orders[1]!, { state: 'refunded', invoiceable: false, invoiceState: 'none' })
  const { page } = await site.open('/me/orders')
  await checkboxes(page).first().waitFor()
  const disabled = [0, 1, 2].map((index) => checkboxes(page).nth(index).isDisabled())
  expect(await Promise.all(disabled)).toEqual([true, true, false])
  await page.getByRole('button', { name: '发票申请' }).click()
  await page.getByText('请先勾选要开票的订单').waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
})

// Covers: IC-135, IC-136, IC-142
test('application for five orders has their sum as fixed amount and disables their checkboxes', async () => {
  const { page, errors } = await site.open('/me/orders')
  await openForm(page, 5)
  await form(page).getByText('7.5 元').waitFor()
  expect(await form(page).getByRole('spinbutton').count()).toBe(0)
  expect(await form(page).getByRole('radio').count()).toBe(2)
  expect(await form(page).getByRole('radio', { name: '普票' }).isChecked()).toBe(true)
  await fillForm(page)
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByText('发票申请已提交').waitFor()
  await expect
    .poll(() => Promise.all([0, 1, 2, 3, 4, 5].map((index) => checkboxes(page).nth(index).isDisabled())))
    .toEqual([true, true, true, true, true, false])
  expect(await page.getByRole('link', { name: '已申请发票' }).count()).toBe(5)
  const [invoice] = site.api.invoices.items
  expect([invoice!.amountFen, invoice!.orders.length]).toEqual([750, 5])
  await page.getByRole('link', { name: '查看我的发票' }).click()
  await page.getByRole('rowheader', { name: invoice!.no }).waitFor()
  expect(errors).toEqual([])
})

const BUYER = {
  注册地址: '深圳市福田区深南大道 1 号',
  注册电话: '0755-12345678',
  开户银行: '招商银行深圳分行',
  银行账号: '755920304010501',
}

// Covers: IC-135, IC-137, IC-138, IC-139, IC-140
test('special invoice requires tax number and buyer, and a correction keeps masked fields', async () => {
  const { page } = await site.open('/me/orders')
  const submit = page.getByRole('button', { name: '确定' })
  await openForm(page, 1)
  await submit.click()
  const summary = page.getByRole('alert')
  await summary.getByText('请填写发票抬头').waitFor()
  await summary.getByText('请填写正确的邮箱地址').waitFor()
  expect(await summary.getByText('税号').count()).toBe(0)
  expect(await page.getByRole('textbox', { name: '银行账号' }).count(), 'fields of a normal invoice').toBe(0)
  await fillForm(page)
  await form(page).getByRole('radio', { name: '专票' }).check()
  await submit.click()
  for (const name of ['税号', ...Object.keys(BUYER)]) await summary.getByText(`专票必须填写${name}`).waitFor()
  await page.getByRole('textbox', { name: '税号' }).fill('91350100M000100Y43')
  for (const [name, value] of Object.entries(BUYER)) await page.getByRole('textbox', { name }).fill(value)
  await submit.click()
  await page.getByText('发票申请已提交').waitFor()
  const [created] = site.api.invoices.items
  expect(created).toMatchObject({
    type: 'special',
    taxNo: '91350100M000100Y43',
    buyerBank: '招商银行深圳分行',
    buyerAccount: '****0501',
    remark: '',
  })
  site.api.invoices.reject(created!.no, '开户银行有误')
  await page.goto(`${site.origin}/me/invoices/${created!.no}`)
  await page.getByText('****0501').waitFor()
  await page.getByRole('button', { name: /^修改/ }).click()
  await page.getByText('已填写 ****0501，不改可留空').waitFor()
  await page.getByRole('textbox', { name: '开户银行' }).fill('中国银行深圳分行')
  await submit.click()
  await page.getByText('中国银行深圳分行').waitFor()
  await page.getByText('****0501').waitFor()
})

// Covers: IC-141
test('cancelling the form keeps the selected orders and creates no application', async () => {
  const { page } = await site.open('/me/orders')
  await openForm(page, 2)
  await page.getByRole('button', { name: '取消' }).click()
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0)
  await page.getByText('已选 2 个订单，共 3 元').waitFor()
  expect(await checkboxes(page).nth(1).isChecked()).toBe(true)
  expect(site.api.invoices.items).toEqual([])
})

// Covers: IC-177
test('invoice list is filtered by number, state and amount', async () => {
  const [small, large] = [applyForInvoice(1), applyForInvoice(3)]
  site.api.invoices.reject(small, '抬头有误')
  const { page } = await site.open('/me/invoices')
  const row = (no: string) => page.getByRole('rowheader', { name: no })
  const expectOnly = async (query: string, shown: string, hidden: string) => {
    await page.goto(`${site.origin}/me/invoices?${query}`)
    await row(shown).waitFor()
    expect(await row(hidden).count()).toBe(0)
  }
  await row(large).waitFor()
  await page.getByLabel('申请状态').selectOption('failed')
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/state=failed/)
  await expect.poll(() => row(large).count()).toBe(0)
  await expectOnly(`no=${large}`, large, small)
  await expectOnly('min=4.5', large, small)
  await expectOnly('max=4.49', small, large)
})

// Covers: IC-179
test('withdrawing an application allows its orders to be selected again', async () => {
  applyForInvoice(1)
  const { page } = await site.open('/me/invoices')
  await page.getByRole('button', { name: /^撤销/ }).click()
  await page.getByRole('button', { name: '确认撤销' }).click()
  await page.getByRole('cell', { name: '已撤销' }).waitFor()
  expect(await page.getByRole('button', { name: /^撤销/ }).count()).toBe(0)
  await page.goto(`${site.origin}/me/orders`)
  await checkboxes(page).first().waitFor()
  expect(await checkboxes(page).first().isDisabled()).toBe(false)
})

// Covers: IC-180, IC-183
test('a rejected application shows the reason, and a corrected one is applied for again', async () => {
  const no = applyForInvoice(1)
  site.api.invoices.reject(no, '抬头与税号不符')
  const { page } = await site.open(`/me/invoices/${no}`)
  await page.getByText('抬头与税号不符').waitFor()
  await page.getByRole('button', { name: /^修改/ }).click()
  expect(await page.getByRole('textbox', { name: '发票抬头' }).inputValue()).toBe('某某公司')
  await page.getByRole('textbox', { name: '发票抬头' }).fill('另一公司')
  await page.getByRole('button', { name: '确定' }).click()
  await page.getByText('申请中').waitFor()
  await page.getByText('另一公司').waitFor()
  expect(await page.getByText('抬头与税号不符').count()).toBe(0)
})

// Covers: IC-181
test('a rejected application can be deleted', async () => {
  const no = applyForInvoice(1)
  site.api.invoices.reject(no, '抬头有误')
  const { page } = await site.open('/me/invoices')
  await page.getByRole('button', { name: /^删除/ }).click()
  await page.getByRole('button', { name: '确认删除' }).click()
  await page.getByText('还没有发票申请').waitFor()
})

// Covers: IC-178
test('an issued invoice shows its number and date, and its file can be downloaded', async () => {
  const no = applyForInvoice(2)
  site.api.invoices.issue(no)
  const { page } = await site.open('/me/invoices')
  await page.getByRole('link', { name: /^详情/ }).click()
  await page.getByText('24442000000000000001').waitFor()
  await page.getByText('2024-01-15 13:36:56').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: /^下载发票/ }).click()
  expect((await download).suggestedFilename()).toBe('24442000000000000001.pdf')
})

// Covers: IC-182
test('withdrawing an application that was issued in the meantime shows the problem', async () => {
  const no = applyForInvoice(1)
  const { page } = await site.open('/me/invoices')
  await page.getByRole('button', { name: /^撤销/ }).click()
  site.api.invoices.issue(no)
  await page.getByRole('button', { name: '确认撤销' }).click()
  await page.getByText('该申请不能撤销').waitFor()
})

// Covers: XX-09
test('invoice list is in English when the page is', async () => {
  applyForInvoice(1)
  const { page } = await site.open('/me/invoices', { language: 'en' })
  await page.getByRole('heading', { level: 1, name: 'Invoices' }).waitFor()
  await page.getByRole('cell', { name: 'Applied for' }).waitFor()
})
