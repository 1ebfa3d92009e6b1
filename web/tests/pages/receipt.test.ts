import { execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { TOKENS } from '../mock/receipts'
import { expectSound, LOOKS, named, rig, shot, type Rig } from './browser'

const READ = new URL('../../../tests/receipt/read', import.meta.url).pathname

interface Read {
  pages: number
  text: string
  codes: { format: string; text: string; x: number; y: number }[]
}

/** What others read on the printed page: poppler its text, ZXing its codes. */
async function printed(page: Page, name: string): Promise<Read> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false })
  const file = join(process.env.SHOTS ?? mkdtempSync(join(tmpdir(), 'receipt-')), `${name}.pdf`)
  writeFileSync(file, pdf)
  return JSON.parse(execFileSync(READ, [file], { encoding: 'utf8' })) as Read
}

const squeezed = (text: string): string => text.replace(/\s+/g, '')

let r: Rig
/** A paid, an unpaid and a refused photo. */
let paid = ''
let unpaid = ''
let failed = ''

beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())
beforeEach(() => {
  r.stage.service.photos.clear()
  r.stage.service.seed(4)
  r.stage.service.knobs.receiptsExpired = false
  const all = [...r.stage.service.photos.values()]
  const [first, second] = all.filter((photo) => photo.state === 'passed')
  Object.assign(first!, { state: 'paid', paid: true })
  paid = first!.imageNo
  unpaid = second!.imageNo
  failed = all.find((photo) => photo.state === 'failed')!.imageNo
})

describe.each([...LOOKS, { language: 'en' as const, width: 360 }].map((look) => [named(look), look] as const))('%s', (name, look) => {
  // Covers: IC-80, IC-81, IC-95, IC-96, XX-10, XX-11
  test('the receipt is sound on the screen and one page of A4 on paper', async () => {
    const visit = await r.open(`/photos/${paid}/receipt`, look)
    const { page } = visit
    await page.getByRole('article').waitFor()
    await page.waitForLoadState('networkidle')
    await shot(page, `receipt-${name.replace(/ /g, '-')}`)
    await expectSound(visit)
    const read = await printed(page, `receipt-print-${name.replace(/ /g, '-')}`)
    expect(read.pages).toBe(1)
    const text = squeezed(read.text)
    expect(text.split('广东省居民身份证数字相片采集回执').length - 1).toBe(2)
    for (const words of ['请持此回执及申请材料办理居民身份证、深圳居住证、深圳社保卡。（本回执及数字相片90天内有效）', '采集单位:TEST-IST——ZZZX', '联系电话:13048958911', '采集时间:2024-01-1513:36:56', '一码通办', '粤居码', '责任自负', '姓名:', '电话号码:', '沿此线剪开']) {
      expect(text).toContain(words)
    }
    // Nothing of the page around it.
    expect(text).not.toMatch(/首页|Home|下载PDF|SaveasPDF/)
    await visit.context.close()
  })
})

// Covers: IC-85, IC-86, IC-92
test('an independent reader reads the printed codes', async () => {
  const { page, context } = await r.open(`/photos/${paid}/receipt`)
  await page.getByRole('article').waitFor()
  await page.waitForLoadState('networkidle')
  const { codes } = await printed(page, 'receipt-codes')
  const qr = codes.filter((code) => code.format === 'QRCode').sort((a, b) => a.x - b.x)
  expect(qr.map((code) => code.text)).toEqual([`https://photos.example.cn/verify/${TOKENS.valid}`, 'https://service.example.cn/yuejuma'])
  const bars = codes.filter((code) => code.format === 'Code128')
  expect(bars.map((code) => code.text)).toEqual(['AL200166498', 'AL200166498'])
  await context.close()
})

// Covers: IC-81
test('the button prints', async () => {
  const { page, context } = await r.open(`/photos/${paid}/receipt`)
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', 'yes')
  })
  await page.getByRole('button', { name: '打印' }).click()
  expect(await page.locator('body').getAttribute('data-printed')).toBe('yes')
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载 PDF' }).click()
  expect((await saving).suggestedFilename()).toBe(`${paid}-receipt.pdf`)
  await context.close()
})

// Covers: IC-98
test('an expired receipt says so on the screen and on both parts', async () => {
  r.stage.service.knobs.receiptsExpired = true
  const visit = await r.open(`/photos/${paid}/receipt`)
  await visit.page.getByText('回执已过期').waitFor()
  await shot(visit.page, 'receipt-expired')
  await expectSound(visit)
  const read = await printed(visit.page, 'receipt-print-expired')
  expect(read.pages).toBe(1)
  expect(squeezed(read.text).split('已过期').length - 1).toBe(2)
  await visit.context.close()
})

// Covers: IC-80
test('an unpaid photo has no receipt but a way to pay, a refused one neither', async () => {
  const visit = await r.open(`/photos/${unpaid}/receipt`)
  await visit.page.getByText('付款后才能打印回执').waitFor()
  expect(await visit.page.getByRole('main').getByRole('link', { name: '支付' }).getAttribute('href')).toBe(`/orders/new?photos=${unpaid}`)
  expect(await visit.page.getByRole('button', { name: '打印' }).count()).toBe(0)
  await visit.page.goto(`${r.stage.origin}/photos/${failed}/receipt`)
  await visit.page.getByText('相片尚未检测合格').waitFor()
  expect(await visit.page.getByRole('main').getByRole('link', { name: '支付' }).count()).toBe(0)
  await visit.page.goto(`${r.stage.origin}/photos/AL000000001/receipt`)
  await visit.page.getByText('没有找到这张相片').waitFor()
  await visit.context.close()
})

describe.each(LOOKS.map((look) => [named(look), look] as const))('%s', (name, look) => {
  // Covers: IC-196, XX-10
  test('whoever scans the left code learns valid, expired or unknown, and nothing personal', async () => {
    for (const [token, words] of [[TOKENS.valid, '回执有效'], [TOKENS.expired, '回执已过期'], ['forged', '没有这张回执']] as const) {
      const visit = await r.open(`/verify/${token}`, { ...look, visitor: true })
      await visit.page.getByRole('status').getByText(words).waitFor()
      expect(await visit.page.getByRole('main').getByRole('img').count()).toBe(0)
      expect(await visit.page.getByText('图像号码').count() > 0).toBe(token !== 'forged')
      await shot(visit.page, `verify-${words}-${name.replace(/ /g, '-')}`)
      await expectSound(visit)
      await visit.context.close()
    }
  })
})

// Covers: IC-113, IC-116, IC-117, IC-119, IC-120, IC-121, IC-122
test('待支付 narrows, and after the payment print and download come by themselves', async () => {
  const visit = await r.open('/photos')
  const { page } = visit
  await page.getByRole('table').waitFor()
  const row = (imageNo: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: imageNo }) })
  expect(await row(paid).getByRole('link', { name: '打印' }).getAttribute('href')).toBe(`/photos/${paid}/receipt`)
  expect(await row(paid).getByRole('button', { name: '下载' }).count()).toBe(1)
  expect(await row(failed).getByRole('link', { name: /打印|支付/ }).count()).toBe(0)
  await page.getByRole('button', { name: '待支付' }).click()
  await page.waitForURL(/state=passed&paid=false/)
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  expect(await row(unpaid).getByRole('link', { name: '支付' }).getAttribute('href')).toBe(`/orders/new?photos=${unpaid}`)
  expect(await row(unpaid).getByRole('button', { name: '下载' }).count()).toBe(0)
  await shot(page, 'list-unpaid')
  await expectSound(visit)
  await page.getByRole('button', { name: '待支付' }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(5)
  // Paid for on another device.
  const photo = r.stage.service.photos.get(unpaid)!
  Object.assign(photo, { state: 'paid', paid: true })
  await row(unpaid).getByRole('link', { name: '打印' }).waitFor()
  expect(await row(unpaid).getByRole('link', { name: '支付' }).count()).toBe(0)
  await row(unpaid).getByRole('link', { name: '打印' }).click()
  await page.getByRole('article').waitFor()
  await visit.context.close()
})

// Covers: IC-114, IC-115, IC-125
test('a number with a wrong letter is said, sizes are 10, 20 and 50, days are both included', async () => {
  const visit = await r.open('/photos')
  const { page } = visit
  await page.getByRole('table').waitFor()
  expect(await page.getByLabel('每页').locator('option').allTextContents()).toEqual(['10', '20', '50'])
  await page.getByLabel('图像号码').fill(` ${unpaid.toLowerCase()} `)
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(new RegExp(`imageNo=${unpaid}`))
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  await page.getByLabel('图像号码').fill('AX200166498')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('图像号有误').waitFor()
  await expectSound({ ...visit, faults: visit.faults.filter((fault) => !fault.includes('404')) })
  await visit.context.close()
})
