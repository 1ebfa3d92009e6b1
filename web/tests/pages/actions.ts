/** Steps that tests of several files share. */
import type { Page } from 'playwright-core'
import { CAPTCHA_ANSWER, PASSWORD, SMS_CODE } from '../mock/accounts'

export const jpegFile = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/jpeg', buffer })

/** Waits for a captcha and types its answer. */
export const solveCaptcha = (page: Page, answer = CAPTCHA_ANSWER): Promise<void> =>
  page.getByRole('textbox', { name: '验证码', exact: true }).fill(answer)

/** Requests an SMS code, waits until the page says that it was sent, and types it. The captcha must be solved. */
export async function verifyBySms(page: Page, code = SMS_CODE): Promise<void> {
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('button', { name: /\d+ 秒后重新获取/ }).waitFor()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(code)
}

/** Fills the form of the sign-in by password without submitting it. */
export async function fillSignIn(page: Page, userName: string, password = PASSWORD): Promise<void> {
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.getByLabel('用户名').fill(userName)
  await page.getByRole('textbox', { name: '密码', exact: true }).fill(password)
  await solveCaptcha(page)
}

/** Signs in by password on the open sign-in page. */
export async function signIn(page: Page, userName: string, password = PASSWORD): Promise<void> {
  await fillSignIn(page, userName, password)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await submitSignIn(page)
}

export const submitSignIn = (page: Page): Promise<void> =>
  page.getByRole('main').getByRole('button', { name: '登录', exact: true }).click()

interface Upload {
  file: { name: string; content: Buffer }
  card?: string
  city?: string
}

/** Fills the upload form without submitting it. */
export async function fillUploadForm(
  page: Page,
  { file, card = 'resident-id', city = '深圳市' }: Upload,
): Promise<void> {
  await page.getByLabel('相片规则').selectOption('easy')
  await page.getByLabel('相片类型').selectOption(card)
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  await page.getByLabel('市', { exact: true }).selectOption(city)
  await page.getByLabel('选择相片').setInputFiles(jpegFile(file.name, file.content))
  await solveCaptcha(page)
}
