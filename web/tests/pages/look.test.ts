import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSound, LOOKS, named, rig, shot, type Rig } from './browser'

const PAGES: [path: string, heading: RegExp, visitor: boolean][] = [
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

let r: Rig
beforeAll(async () => {
  r = await rig()
  r.stage.service.seed(5)
})
afterAll(() => r.close())

describe.each(LOOKS.map((look) => [named(look), look] as const))('%s', (_, look) => {
  test.each(PAGES)('XX-03 XX-10 XX-11 %s is sound', async (path, heading, visitor) => {
    const visit = await r.open(path, { ...look, visitor })
    await visit.page.getByRole('heading', { level: 1, name: heading }).waitFor()
    await visit.page.waitForLoadState('networkidle')
    await shot(visit.page, `${path.replace(/\W+/g, '-')}-${look.scheme}-${look.width}`)
    await expectSound(visit)
    await visit.context.close()
  })
})

// Covers: XX-11
test('print leaves out navigation and forms and keeps the result', async () => {
  const { page, context } = await r.open('/photos', { scheme: 'dark' })
  await page.getByRole('table').waitFor()
  await page.emulateMedia({ media: 'print' })
  expect(await page.getByRole('banner').isVisible()).toBe(false)
  expect(await page.getByRole('search').isVisible()).toBe(false)
  expect(await page.getByRole('table').isVisible()).toBe(true)
  expect(await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)).toBe('rgb(255, 255, 255)')
  await context.close()
})

// Covers: XX-09
test('the whole site speaks English on request and remembers it', async () => {
  const { page, context } = await r.open('/photos/guide', { visitor: true })
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('heading', { level: 1, name: 'Photo guide' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await page.getByRole('cell', { name: '260' }).waitFor()
  await page.getByRole('rowheader', { name: 'Motor vehicle driving licence' }).waitFor()
  await shot(page, 'guide-en')
  await page.goto(`${r.stage.origin}/login`)
  await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor()
  await context.close()
})
