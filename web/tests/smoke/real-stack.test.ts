/**
 * The main job on a real stack: `STACK_URL=http://... SANDBOX_URL=http://... npm run test:smoke` (`localstack/up` prints both). It registers
 * its own account and needs no other data.
 */
import { chromium, type Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { axe, overflow, photograph } from '../pages/browser'
import { STRAIGHT } from '../mock/scene'

const base = process.env.STACK_URL
const sandbox = process.env.SANDBOX_URL
if (!base || !sandbox) throw new Error('STACK_URL and SANDBOX_URL name the running stack and its providers')

const PASSWORD = 'Lamp-7-Orchard-Quiet'

/** The sum in words is there for people who see no pictures, and serves this test too. */
async function solve(page: Page): Promise<void> {
  await page.getByRole('button', { name: '看不清？改用算术题' }).click()
  const question = await page.getByText(/请填写答案/).textContent()
  const numbers = [...question!.matchAll(/\d+/g)].map((match) => Number(match[0]))
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(String(numbers[0]! + numbers[1]!))
}

/** The code that the telephone of the local cloud got for this number. */
async function received(phone: string): Promise<string> {
  for (;;) {
    const inbox = (await (await fetch(`${base}/sandbox/inbox.json`)).json()) as { phone?: string; values?: { code: string } }[]
    const code = inbox.find((message) => message.phone === phone)?.values?.code
    if (code) return code
    await new Promise((done) => setTimeout(done, 500))
  }
}

/** The telephone and the mailbox of the local cloud are for people, too. */
async function sound(page: Page): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
}

/** A recharge as its owner makes it: the amount on one screen, the code on the telephone, the balance on the first again. */
async function recharges(page: Page): Promise<void> {
  const phone = await page.context().newPage()
  await phone.setViewportSize({ width: 360, height: 740 })
  await phone.goto(`${sandbox}/pay`)
  await sound(phone)
  await page.goto(`${base}/me/recharge`)
  await page.getByRole('button', { name: '15元', exact: true }).click()
  await page.getByRole('button', { name: '提交' }).click()
  const made = page.waitForResponse((response) => response.url().endsWith('/v1/recharges') && response.request().method() === 'POST')
  await page.getByRole('dialog', { name: '钱包充值' }).getByRole('button', { name: '微信' }).click()
  const { qrText } = (await (await made).json()) as { qrText: string }
  await phone.getByLabel('二维码内容').fill(qrText)
  await phone.getByRole('button', { name: '打开' }).click()
  await sound(phone)
  await phone.getByRole('button', { name: '支付 · Pay ¥15.00' }).click()
  await phone.getByText('已支付').waitFor()
  await sound(phone)
  await page.getByText('充值成功，余额增加 ¥15.00').waitFor()
  await phone.goto(`${base}/sandbox/inbox`)
  await phone.getByRole('row').nth(1).waitFor()
  await sound(phone)
  await phone.close()
}

// Covers: IC-05, IC-06, IC-24, IC-43, IC-44, IC-45, IC-167, IC-168, IC-170, XX-10
test('a new account registers, uploads a photo, reads its verdict and recharges', { timeout: 300_000 }, async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] })
  const photo = await photograph(browser, STRAIGHT)
  const page = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
  page.setDefaultTimeout(60_000)
  try {
    await page.goto(`${base}/register`)
    await page.getByLabel('已阅读并同意用户协议内容').check()
    await page.getByRole('button', { name: '同意' }).click()
    const phone = `139${String(Date.now()).slice(-8)}`
    await page.getByRole('textbox', { name: '手机号' }).fill(phone)
    await solve(page)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByRole('textbox', { name: '短信验证码' }).fill(await received(phone))
    await page.getByRole('textbox', { name: '昵称' }).fill('试用')
    await page.getByRole('textbox', { name: '设置密码' }).fill(PASSWORD)
    await page.getByRole('textbox', { name: '确认密码' }).fill(PASSWORD)
    await page.getByRole('button', { name: '注册', exact: true }).click()
    await page.getByRole('heading', { level: 1, name: '注册完成' }).waitFor()

    await page.getByRole('main').getByRole('link', { name: '相片上传' }).click()
    await page.getByLabel('相片规则').selectOption({ index: 1 })
    await page.getByLabel('相片类型').selectOption({ index: 1 })
    await page.getByLabel('省', { exact: true }).selectOption('广东省')
    await page.getByLabel('市', { exact: true }).selectOption('深圳市')
    await page.getByLabel('微信').check()
    await page.getByLabel('选择相片').setInputFiles({ name: 'portrait.jpg', mimeType: 'image/jpeg', buffer: photo })
    await solve(page)
    await page.getByRole('button', { name: '相片上传' }).click()

    const result = page.getByRole('region', { name: '检测结果' })
    await result.locator('.verdict').waitFor({ timeout: 200_000 })
    const numberRow = result.locator('dl.descriptions > div', { hasText: '图像号码' }).locator('dd')
    expect(await numberRow.textContent()).toMatch(/^A[A-Z]\d{9}$/)
    await page.goto(`${base}/photos`)
    await page.getByRole('row').nth(1).waitFor()
    await recharges(page)
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/smoke-list.png`, fullPage: true })
  } catch (fault) {
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/smoke-fault.png`, fullPage: true })
    throw fault
  } finally {
    await browser.close()
  }
})
