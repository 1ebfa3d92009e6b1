/**
 * The main use of the page on a running stack. `localstack/up` prints both addresses: `STACK_URL=http://...
 * SANDBOX_URL=http://... npm run test:smoke`. The test registers its own account and needs no other data.
 */
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { STRAIGHT } from '../mock/portrait-photo'
import { solveCaptcha } from '../pages/actions'
import { launchBrowser, renderPhotos } from '../pages/browser'
import { accessibilityViolations, horizontalOverflow, screenshot } from '../pages/test-site'

const stack = process.env.STACK_URL
const sandbox = process.env.SANDBOX_URL
if (!stack || !sandbox) throw new Error('set STACK_URL and SANDBOX_URL to the addresses of a running stack')

const PASSWORD = 'Lamp-7-Orchard-Quiet'
const SMS_POLL_MS = 500

/** Solves the captcha by its alternative, a sum in words. */
async function solveSum(page: Page): Promise<void> {
  await page.getByRole('button', { name: '看不清？改用算术题' }).click()
  const question = await page.getByText(/请填写答案/).textContent()
  const [a, b] = [...question!.matchAll(/\d+/g)].map(Number)
  await solveCaptcha(page, String(a! + b!))
}

/** Waits for the SMS code in the inbox of the local cloud. */
async function receiveCode(phone: string): Promise<string> {
  for (;;) {
    const response = await fetch(`${stack}/sandbox/inbox.json`)
    const inbox = (await response.json()) as { phone?: string; values?: { code: string } }[]
    const code = inbox.find((message) => message.phone === phone)?.values?.code
    if (code) return code
    await new Promise((resolve) => setTimeout(resolve, SMS_POLL_MS))
  }
}

/** The pages of the local cloud are held to the same rules as the site. */
async function expectAccessible(page: Page): Promise<void> {
  expect(await accessibilityViolations(page)).toEqual([])
  expect(await horizontalOverflow(page)).toBe(0)
}

async function registerAccount(page: Page): Promise<void> {
  await page.goto(`${stack}/register`)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '同意' }).click()
  const phone = `139${String(Date.now()).slice(-8)}`
  await page.getByRole('textbox', { name: '手机号' }).fill(phone)
  await solveSum(page)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(await receiveCode(phone))
  await page.getByRole('textbox', { name: '昵称' }).fill('试用')
  await page.getByRole('textbox', { name: '设置密码' }).fill(PASSWORD)
  await page.getByRole('textbox', { name: '确认密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '注册完成' }).waitFor()
}

async function uploadPhoto(page: Page, photo: Buffer): Promise<void> {
  await page.getByRole('main').getByRole('link', { name: '相片上传' }).click()
  await page.getByLabel('相片规则').selectOption({ index: 1 })
  await page.getByLabel('相片类型').selectOption({ index: 1 })
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  await page.getByLabel('市', { exact: true }).selectOption('深圳市')
  await page.getByLabel('微信').check()
  await page.getByLabel('选择相片').setInputFiles({ name: 'portrait.jpg', mimeType: 'image/jpeg', buffer: photo })
  await solveSum(page)
  await page.getByRole('button', { name: '相片上传' }).click()

  const result = page.getByRole('region', { name: '检测结果' })
  await result.locator('.verdict').waitFor({ timeout: 200_000 })
  const imageNo = result.locator('dl.descriptions > div', { hasText: '图像号码' }).locator('dd')
  expect(await imageNo.textContent()).toMatch(/^A[A-Z]\d{9}$/)
  await page.goto(`${stack}/photos`)
  await page.getByRole('row').nth(1).waitFor()
}

/** Recharges the wallet. A second page is the customer's phone, which scans the QR code and pays. */
async function rechargeWallet(page: Page): Promise<void> {
  const phone = await page.context().newPage()
  await phone.setViewportSize({ width: 360, height: 740 })
  await phone.goto(`${sandbox}/pay`)
  await expectAccessible(phone)
  await page.goto(`${stack}/me/recharge`)
  await page.getByRole('button', { name: '15元', exact: true }).click()
  await page.getByRole('button', { name: '提交' }).click()
  const created = page.waitForResponse(
    (response) => response.url().endsWith('/v1/recharges') && response.request().method() === 'POST',
  )
  await page.getByRole('dialog', { name: '钱包充值' }).getByRole('button', { name: '微信' }).click()
  const { qrText } = (await (await created).json()) as { qrText: string }
  await phone.getByLabel('二维码内容').fill(qrText)
  await phone.getByRole('button', { name: '打开' }).click()
  await expectAccessible(phone)
  await phone.getByRole('button', { name: '支付 · Pay ¥15.00' }).click()
  await phone.getByText('已支付').waitFor()
  await expectAccessible(phone)
  await page.getByText('充值成功，余额增加 ¥15.00').waitFor()
  await phone.goto(`${stack}/sandbox/inbox`)
  await phone.getByRole('row').nth(1).waitFor()
  await expectAccessible(phone)
  await phone.close()
}

// Covers: IC-05, IC-06, IC-24, IC-43, IC-44, IC-45, IC-167, IC-168, IC-170, XX-10
test('a new account registers, uploads a photo, reads its result and recharges', { timeout: 300_000 }, async () => {
  const browser = await launchBrowser()
  const [photo] = await renderPhotos(browser, [STRAIGHT])
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
  page.setDefaultTimeout(60_000)
  try {
    await registerAccount(page)
    await uploadPhoto(page, photo!)
    await rechargeWallet(page)
    await screenshot(page, 'smoke-recharge')
  } catch (failure) {
    await screenshot(page, 'smoke-failure')
    throw failure
  } finally {
    await browser.close()
  }
})
