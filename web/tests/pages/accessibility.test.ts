import { beforeAll, describe, expect, test } from 'vitest'
import { expectAccessibleInLightAndDark, screenshot, setUpTestSite, WIDTHS } from './test-site'

const PAGES: [path: string, heading: RegExp, signedOut: boolean][] = [
  ['/', /上传一张相片/, true],
  ['/login', /登录/, true],
  ['/login?way=sms', /登录/, true],
  ['/login?way=qr', /登录/, true],
  ['/activate-email', /绑定邮箱/, true],
  ['/forgot', /找回密码/, true],
  ['/register', /用户协议/, true],
  ['/photos/new', /相片上传/, false],
  ['/photos/guide', /操作指引/, true],
  ['/photos', /相片查询/, false],
  ['/me', /基本信息/, false],
  ['/me/password', /密码管理/, false],
  ['/me/phone', /登录手机号/, false],
  ['/me/email', /绑定邮箱/, false],
  ['/me/addresses', /邮寄地址/, false],
  ['/me/devices', /登录设备/, false],
  ['/no/such/page', /没有找到/, true],
]

const site = setUpTestSite()
beforeAll(() => site.api.seedPhotos(5))

describe.each(WIDTHS)('at %i px', (width) => {
  // Covers: XX-03, XX-10, XX-11
  test.each(PAGES)('%s is accessible and does not scroll sideways', async (path, heading, signedOut) => {
    const testPage = await site.visit(path, { width, signedOut })
    await testPage.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, `${path.replace(/\W+/g, '-')}-${width}`)
  })
})

// Covers: XX-11
test('a dark page prints black on white, without navigation and forms', async () => {
  const { page } = await site.open('/photos', { scheme: 'dark' })
  await page.getByRole('table').waitFor()
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('banner').isVisible()).toBe(false)
  expect(await page.getByRole('search').isVisible()).toBe(false)
  expect(await page.getByRole('table').isVisible()).toBe(true)
  const [background, text] = await page.evaluate(() => {
    const { backgroundColor, color } = getComputedStyle(document.documentElement)
    return [backgroundColor, color]
  })
  expect(background).toBe('rgb(255, 255, 255)')
  expect(text).toBe('rgb(0, 0, 0)')
})

// Covers: XX-09
test('a page switched to English stays English on the next visit', async () => {
  const { page } = await site.open('/photos/guide', { signedOut: true })
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Photo guide' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await page.getByRole('cell', { name: '260' }).waitFor()
  await page.getByRole('rowheader', { name: 'Motor vehicle driving licence' }).waitFor()
  await screenshot(page, 'guide-en')
  await page.goto(`${site.origin}/login`)
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
})
