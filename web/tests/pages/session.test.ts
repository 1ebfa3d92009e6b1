import { expect, test } from 'vitest'
import { CAPTCHA_ANSWER, IMPORTED_USER, PASSWORD, SMS_CODE } from '../mock/accounts'
import { Gate } from '../mock/gate'
import { fillSignIn, signIn, solveCaptcha, submitSignIn, verifyBySms } from './actions'
import { expectAccessible, screenshot, setUpTestSite } from './test-site'

const site = setUpTestSite()

// Covers: IC-09, IC-11, IC-12, IC-15, IC-126, UA-17
test('sign-in requires consent and captcha, and adds the link to the personal centre at the top right', async () => {
  const { page } = await site.open('/', { signedOut: true })
  await page.getByRole('banner').getByRole('link', { name: '登录' }).click()
  await fillSignIn(page, 'lihua')
  await submitSignIn(page)
  await page.getByRole('alert').getByRole('link', { name: '请先勾选同意用户协议' }).waitFor()
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await solveCaptcha(page, '0')
  await submitSignIn(page)
  await page.getByRole('alert').getByRole('link', { name: '验证码不正确' }).waitFor()
  await solveCaptcha(page)
  await submitSignIn(page)
  await page.waitForURL(`${site.origin}/`)
  const accountLink = page.getByRole('banner').getByRole('link', { name: '个人中心 138****8469' })
  const [link, screen] = [(await accountLink.boundingBox())!, page.viewportSize()!]
  expect(link.y + link.height, 'at the top').toBeLessThan(screen.height / 8)
  expect(link.x, 'at the right').toBeGreaterThan(screen.width / 2)
  await accountLink.click()
  await page.waitForURL(`${site.origin}/me`)
})

// Covers: IC-12
test('captcha can be replaced by a sum in words', async () => {
  const testPage = await site.open('/login', { signedOut: true })
  await testPage.page.getByRole('button', { name: '看不清？改用算术题' }).click()
  await testPage.page.getByText('请填写答案：7 + 5 = ?').waitFor()
  await expectAccessible(testPage)
})

// Covers: IC-12
test('captcha field is read-only while loading and ignores the response to an earlier request', async () => {
  const { page } = await site.open('/', { signedOut: true })
  const firstCaptcha = new Gate()
  firstCaptcha.close()
  let requests = 0
  await page.route('**/v1/captchas', async (route) => {
    requests += 1
    if (requests === 1) await firstCaptcha.wait()
    await route.continue()
  })
  await page.goto(`${site.origin}/login`)
  const field = page.getByRole('textbox', { name: '验证码', exact: true })
  await field.waitFor()
  expect(await field.isEditable()).toBe(false)
  await page.getByRole('button', { name: '看不清？改用算术题' }).click()
  await page.getByText('请填写答案：7 + 5 = ?').waitFor()
  const response = page.waitForResponse('**/v1/captchas')
  firstCaptcha.open()
  await (await response).finished()
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)))
  expect(await page.getByRole('img', { name: '验证码图片' }).count()).toBe(0)
  await page.getByText('请填写答案：7 + 5 = ?').waitFor()
  await field.fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '换一张验证码' }).click()
  await expect.poll(() => field.inputValue()).toBe('')
})

test('sign-in with a wrong password does not say which part was wrong', async () => {
  const { page } = await site.open('/login', { signedOut: true })
  await signIn(page, 'lihua', 'wrong')
  await page.getByText('用户名或密码不正确').waitFor()
})

// Covers: IC-190
test('upload page leads to the sign-in and back, and signing out ends the session', async () => {
  const { page } = await site.open('/photos/new', { signedOut: true })
  await page.waitForURL(/\/login\?next=%2Fphotos%2Fnew/)
  await signIn(page, 'lihua')
  await page.getByRole('heading', { level: 1, name: '相片上传' }).waitFor()
  await page.reload()
  await page.getByText('138****8469').waitFor()
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('token')
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.goto(`${site.origin}/photos/new`)
  await page.waitForURL(/\/login/)
})

/** Opens the registration form through the user agreement. */
async function openRegistration() {
  const testPage = await site.open('/', { signedOut: true })
  const { page } = testPage
  await page.getByRole('banner').getByRole('link', { name: '注册' }).click()
  const agree = page.getByRole('button', { name: '同意' })
  await agree.waitFor()
  expect(await agree.isDisabled()).toBe(true)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await agree.click()
  await page.getByRole('heading', { level: 1, name: '注册' }).waitFor()
  return testPage
}

// Covers: IC-04, IC-05, IC-06, UA-10
test('registration form opens after the agreement is accepted and lists every missing field', async () => {
  const testPage = await openRegistration()
  const { page } = testPage
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await expect.poll(() => page.getByRole('alert').getByRole('link').count()).toBe(4)
  await page.getByRole('textbox', { name: '设置密码' }).fill('short')
  await page.getByRole('textbox', { name: '确认密码' }).fill('other')
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await page.getByRole('alert').getByRole('link', { name: '两次填写的密码不一致' }).waitFor()
  await page.getByRole('alert').getByText('密码还需满足').waitFor()
  await screenshot(page, 'register-form')
  await expectAccessible(testPage)
})

// Covers: UA-04, UA-05, UA-06, UA-07, UA-08, UA-09, UA-11, UA-13
test('registration with a phone creates the account and opens the personal centre after some seconds', async () => {
  const { page } = await openRegistration()
  await page.clock.install()
  await page.getByRole('textbox', { name: '手机号' }).fill('138 1054 8469')
  await solveCaptcha(page, '0')
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('alert').getByRole('link', { name: '验证码不正确' }).waitFor()
  await solveCaptcha(page)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByText('验证码已发出，请查看手机短信').waitFor()
  await page.getByText('没有收到？').waitFor()
  await page.getByText('客服热线 0571-88808880').waitFor()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(SMS_CODE)
  await page.getByRole('textbox', { name: '昵称' }).fill('小明')
  await page.getByRole('textbox', { name: '登录账户' }).fill('taken')
  await page.getByRole('textbox', { name: '设置密码' }).fill(PASSWORD)
  await page.getByRole('textbox', { name: '确认密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await page.getByRole('alert').getByRole('link', { name: '这个登录账户已被使用' }).waitFor()
  await screenshot(page, 'register-filled')
  await page.getByRole('textbox', { name: '登录账户' }).fill('')
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '注册完成' }).waitFor()
  await page.getByText('138****8469 已注册成功').waitFor()
  await page.getByText(/[1-8] 秒后自动进入个人中心/).waitFor()
  await expectAccessible({ page, errors: [] })
  await page.clock.runFor(8_000)
  await page.waitForURL(`${site.origin}/me`)
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
})

// Covers: UA-02, UA-03, UA-14
test('home page and sign-in page link to the registration', async () => {
  const { page } = await site.open('/', { signedOut: true })
  await page.getByRole('main').getByRole('link', { name: '个人注册' }).click()
  await page.getByRole('heading', { level: 1, name: '用户协议' }).waitFor()
  await page.goto(`${site.origin}/me`)
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.getByRole('link', { name: /个人用户注册/ }).click()
  await page.getByRole('heading', { level: 1, name: '用户协议' }).waitFor()
})

// Covers: UA-19, UA-20, UA-21
test('QR code sign-in follows the app: scanned, denied, expired, confirmed', async () => {
  const { accounts } = site.api
  const testPage = await site.open('/', { signedOut: true, width: 360 })
  const { page } = testPage
  const qrCode = page.getByRole('img', { name: '登录二维码' })
  const config = { apiBase: '/api', appDownload: '/get-the-app' }
  await page.route('**/config.json', (route) => route.fulfill({ json: config }))
  await page.goto(`${site.origin}/login?way=qr`)
  await qrCode.waitFor()
  await page.getByText('需要先在手机上安装').waitFor()
  expect(await page.getByRole('link', { name: '下载手机应用' }).getAttribute('href')).toBe('/get-the-app')
  await screenshot(page, 'login-qr')
  await expectAccessible(testPage)
  accounts.qrState = 'scanned'
  await page.getByText('47', { exact: true }).waitFor()
  await expectAccessible(testPage)
  accounts.qrState = 'denied'
  await page.getByText('手机上拒绝了这次登录').waitFor()
  await page.getByRole('button', { name: '换一个二维码' }).click()
  await qrCode.waitFor()
  accounts.qrState = 'expired'
  await page.getByText('二维码已过期').waitFor()
  await page.getByRole('button', { name: '换一个二维码' }).click()
  await qrCode.waitFor()
  accounts.qrState = 'confirmed'
  await page.waitForURL(`${site.origin}/`)
})

// Covers: IC-185, IC-186
test('an imported account without a phone is asked once after signing in to bind one', async () => {
  const testPage = await site.open('/login', { signedOut: true })
  const { page } = testPage
  await signIn(page, IMPORTED_USER)
  const dialog = page.getByRole('dialog', { name: '请绑定登录手机号' })
  await dialog.waitFor()
  await expectAccessible(testPage)
  await dialog.getByRole('button', { name: '前往' }).click()
  await page.getByRole('heading', { level: 1, name: '绑定登录手机号' }).waitFor()
  expect(await dialog.count()).toBe(0)
  await page.getByRole('navigation', { name: '个人中心' }).getByRole('link', { name: '基本信息' }).click()
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  expect(await dialog.count()).toBe(0)
})

// Covers: IC-10, IC-13, IC-14, IC-16, UA-18
test('sign-in by SMS code shows the wait for the next code and rejects a wrong code', async () => {
  const { page } = await site.open('/login', { signedOut: true, width: 360 })
  await page.getByRole('link', { name: '短信登录' }).click()
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请填写 11 位手机号' }).waitFor()
  await page.getByRole('textbox', { name: '手机号' }).fill('138 1054 8469')
  await solveCaptcha(page)
  await verifyBySms(page, '000000')
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await submitSignIn(page)
  await page.getByRole('alert').getByRole('link', { name: '短信验证码有误' }).waitFor()
  await screenshot(page, 'login-sms')
  await expectAccessible({ page, errors: [] })
  await page.getByRole('textbox', { name: '短信验证码' }).fill(`${SMS_CODE.slice(0, 3)} ${SMS_CODE.slice(3)}`)
  await submitSignIn(page)
  await page.waitForURL(`${site.origin}/`)
})

// Covers: UA-23, UA-24, UA-25, UA-26
test('forgotten password is replaced after an SMS code, by one that meets the rules and was typed twice', async () => {
  const testPage = await site.open('/login', { signedOut: true })
  const { page } = testPage
  const next = page.getByRole('button', { name: '下一步' })
  await page.getByRole('link', { name: '忘记密码？' }).click()
  // The sign-in page has fields of the same names and stays until the next page has loaded.
  await page.getByRole('heading', { level: 1, name: '找回密码' }).waitFor()
  await page.getByLabel('用户名').fill('lihua')
  await solveCaptcha(page)
  await next.click()
  await page.getByText('验证码将发送到 138****8469').waitFor()
  await screenshot(page, 'forgot')
  await expectAccessible(testPage)
  await verifyBySms(page)
  await next.click()
  await page.getByRole('textbox', { name: '密码', exact: true }).fill('weak')
  await next.click()
  await page.getByRole('alert').getByText('密码还需满足').waitFor()
  await page.getByRole('textbox', { name: '密码', exact: true }).fill(PASSWORD)
  await page.getByRole('textbox', { name: '确认密码' }).fill('Another-1')
  await next.click()
  await page.getByRole('alert').getByRole('link', { name: '两次填写的密码不一致' }).waitFor()
  await page.getByRole('textbox', { name: '确认密码' }).fill(PASSWORD)
  await next.click()
  await page.getByText('密码已修改，请用新密码登录').waitFor()
  await expectAccessible(testPage)
})
