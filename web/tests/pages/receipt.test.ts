import { execFile } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { TOKENS } from '../mock/receipts'
import {
  expectAccessible,
  expectAccessibleInLightAndDark,
  type PageOptions,
  screenshot,
  setUpTestSite,
  WIDTHS,
} from './test-site'

const PDF_READER = new URL('../../../tests/receipt/read', import.meta.url).pathname

interface PdfContent {
  pages: number
  text: string
  codes: { format: string; text: string; x: number; y: number }[]
}

/** The printed page as other programs read it: poppler the text, ZXing the codes. */
async function readPrint(page: Page, name: string): Promise<PdfContent> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: false })
  const folder = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'receipt-'))
  const file = join(folder, `${name}.pdf`)
  writeFileSync(file, pdf)
  const { stdout } = await promisify(execFile)(PDF_READER, [file])
  return JSON.parse(stdout) as PdfContent
}

const withoutSpaces = (text: string): string => text.replace(/\s+/g, '')
const count = (text: string, part: string): number => text.split(part).length - 1

const site = setUpTestSite()
let paid = ''
let unpaid = ''
let failed = ''

beforeEach(() => {
  const { api } = site
  api.photos.clear()
  api.seedPhotos(4)
  api.options.receiptsExpired = false
  const photos = [...api.photos.values()]
  const [first, second] = photos.filter(({ state }) => state === 'passed')
  paid = first!.imageNo
  unpaid = second!.imageNo
  failed = photos.find(({ state }) => state === 'failed')!.imageNo
  api.markPaid(paid)
})

const RECEIPT_TEXTS = [
  '请持此回执及申请材料办理居民身份证、深圳居住证、深圳社保卡。（本回执及数字相片90天内有效）',
  '采集单位:TEST-IST——ZZZX',
  '联系电话:13048958911',
  '采集时间:2024-01-1513:36:56',
  '一码通办',
  '粤居码',
  '责任自负',
  '姓名:',
  '电话号码:',
  '沿此线剪开',
]
const SCREENS: [name: string, options: PageOptions][] = [
  ['360 px', { width: 360 }],
  ['1280 px', { width: 1280 }],
  ['360 px in English', { width: 360, language: 'en' }],
]

// Covers: IC-80, IC-81, IC-95, IC-96, XX-10, XX-11
test.each(SCREENS)(
  'receipt at %s is accessible, and prints as one A4 page without the rest of the site',
  async (name, options) => {
    const testPage = await site.open(`/photos/${paid}/receipt`, options)
    const { page } = testPage
    const fileName = `receipt-${name.replace(/\W+/g, '-')}`
    await page.getByRole('article').waitFor()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, fileName)
    const print = await readPrint(page, fileName)
    expect(print.pages).toBe(1)
    const text = withoutSpaces(print.text)
    expect(count(text, '广东省居民身份证数字相片采集回执')).toBe(2)
    for (const part of RECEIPT_TEXTS) expect(text).toContain(part)
    expect(text).not.toMatch(/首页|Home|下载PDF|SaveasPDF/)
  },
)

// Covers: IC-85, IC-86, IC-92
test('QR codes and barcodes of the printed receipt are readable', async () => {
  const testPage = await site.open(`/photos/${paid}/receipt`)
  await testPage.page.getByRole('article').waitFor()
  await testPage.settle()
  const { codes } = await readPrint(testPage.page, 'receipt-codes')
  const qrCodes = codes.filter(({ format }) => format === 'QRCode').sort((a, b) => a.x - b.x)
  expect(qrCodes.map(({ text }) => text)).toEqual([
    `https://photos.example.cn/verify/${TOKENS.valid}`,
    'https://service.example.cn/yuejuma',
  ])
  const barcodes = codes.filter(({ format }) => format === 'Code128')
  expect(barcodes.map(({ text }) => text)).toEqual(['AL200166498', 'AL200166498'])
})

// Covers: IC-81
test('receipt page has buttons that print it and download it as PDF', async () => {
  const { page } = await site.open(`/photos/${paid}/receipt`)
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', 'yes')
  })
  await page.getByRole('button', { name: '打印' }).click()
  expect(await page.locator('body').getAttribute('data-printed')).toBe('yes')
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载 PDF' }).click()
  expect((await download).suggestedFilename()).toBe(`${paid}-receipt.pdf`)
})

// Covers: IC-98
test('an expired receipt is marked as expired on the screen and on both printed parts', async () => {
  site.api.options.receiptsExpired = true
  const testPage = await site.open(`/photos/${paid}/receipt`)
  const { page } = testPage
  await page.getByText('回执已过期').waitFor()
  await testPage.settle()
  await screenshot(page, 'receipt-expired')
  await expectAccessible(testPage)
  const print = await readPrint(page, 'receipt-expired')
  expect(print.pages).toBe(1)
  expect(count(withoutSpaces(print.text), '已过期')).toBe(2)
})

// Covers: IC-80
test('an unpaid photo has a link to the payment instead of a receipt, a failed photo has neither', async () => {
  const { page } = await site.open(`/photos/${unpaid}/receipt`)
  const payLink = page.getByRole('main').getByRole('link', { name: '支付' })
  await page.getByText('付款后才能打印回执').waitFor()
  expect(await payLink.getAttribute('href')).toBe(`/orders/new?photos=${unpaid}`)
  expect(await page.getByRole('button', { name: '打印' }).count()).toBe(0)
  await page.goto(`${site.origin}/photos/${failed}/receipt`)
  await page.getByText('相片尚未检测合格').waitFor()
  expect(await payLink.count()).toBe(0)
  await page.goto(`${site.origin}/photos/AL000000001/receipt`)
  await page.getByText('没有找到这张相片').waitFor()
})

describe.each(WIDTHS)('at %i px', (width) => {
  // Covers: IC-196, XX-10
  test.each([
    ['a valid', TOKENS.valid!, '回执有效'],
    ['an expired', TOKENS.expired!, '回执已过期'],
    ['an unknown', 'forged', '没有这张回执'],
  ])('verification of %s receipt shows its state and no personal data', async (_, token, state) => {
    const testPage = await site.visit(`/verify/${token}`, { width, signedOut: true })
    const { page } = testPage
    await page.getByRole('status').getByText(state).waitFor()
    await testPage.settle()
    expect(await page.getByRole('main').getByRole('img').count()).toBe(0)
    expect((await page.getByText('图像号码').count()) > 0).toBe(token !== 'forged')
    await expectAccessibleInLightAndDark(testPage, `verify-${state}-${width}`)
  })
})

// Covers: IC-113, IC-116, IC-117, IC-119, IC-120, IC-121, IC-122
test('photo list filters unpaid photos, and offers print and download when a payment arrives', async () => {
  const testPage = await site.open('/photos')
  const { page } = testPage
  await page.getByRole('table').waitFor()
  const row = (imageNo: string) => page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: imageNo }) })
  expect(await row(paid).getByRole('link', { name: '打印' }).getAttribute('href')).toBe(`/photos/${paid}/receipt`)
  expect(await row(paid).getByRole('button', { name: '下载' }).count()).toBe(1)
  expect(
    await row(failed)
      .getByRole('link', { name: /打印|支付/ })
      .count(),
  ).toBe(0)
  await page.getByRole('button', { name: '待支付' }).click()
  await page.waitForURL(/state=passed&paid=false/)
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  const payLink = row(unpaid).getByRole('link', { name: '支付' })
  expect(await payLink.getAttribute('href')).toBe(`/orders/new?photos=${unpaid}`)
  expect(await row(unpaid).getByRole('button', { name: '下载' }).count()).toBe(0)
  await screenshot(page, 'list-unpaid')
  await expectAccessible(testPage)
  await page.getByRole('button', { name: '待支付' }).click()
  await expect.poll(() => page.getByRole('row').count()).toBe(5)
  // As if it was paid on another device. The list refreshes itself.
  site.api.markPaid(unpaid)
  await row(unpaid).getByRole('link', { name: '打印' }).waitFor()
  expect(await payLink.count()).toBe(0)
  await row(unpaid).getByRole('link', { name: '打印' }).click()
  await page.getByRole('article').waitFor()
})

// Covers: IC-114, IC-115, IC-125
test('photo list finds an image number and rejects one with a wrong check letter', async () => {
  const { page, errors } = await site.open('/photos')
  await page.getByRole('table').waitFor()
  expect(await page.getByLabel('每页').locator('option').allTextContents()).toEqual(['10', '20', '50'])
  await page.getByLabel('图像号码').fill(` ${unpaid.toLowerCase()} `)
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(new RegExp(`imageNo=${unpaid}`))
  await expect.poll(() => page.getByRole('row').count()).toBe(2)
  await page.getByLabel('图像号码').fill('AX200166498')
  await page.getByRole('button', { name: '查询' }).click()
  await page.getByText('图像号有误').waitFor()
  await expectAccessible({ page, errors: errors.filter((error) => !error.includes('404')) })
})
