import { afterAll, beforeAll, expect, test } from 'vitest'
import { CAPTCHA_ANSWER, PASSWORD, phone, SMS_CODE } from '../mock/accounts'
import { expectSound, rig, shot, type Rig } from './browser'

let r: Rig
beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())

// Covers: IC-09, IC-11, IC-12, IC-15, IC-126, UA-17
test('sign in asks for everything, then opens the home page, whose top right leads to 个人中心', async () => {
  const { page, context } = await r.open('/', { visitor: true })
  await page.getByRole('banner').getByRole('link', { name: '登录' }).click()
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.getByLabel('用户名').fill('lihua')
  await page.getByLabel('密码').fill(PASSWORD)
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请先勾选同意用户协议' }).waitFor()
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill('0')
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('alert').getByRole('link', { name: '验证码不正确' }).waitFor()
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '登录' }).click()
  await page.waitForURL(r.stage.origin + '/')
  const me = page.getByRole('banner').getByRole('link', { name: '个人中心 138****8469' })
  const [link, screen] = [(await me.boundingBox())!, page.viewportSize()!]
  expect(link.y + link.height, 'at the top').toBeLessThan(screen.height / 8)
  expect(link.x, 'at the right').toBeGreaterThan(screen.width / 2)
  await me.click()
  await page.waitForURL(r.stage.origin + '/me')
  await context.close()
})

// Covers: IC-12
test('who cannot read the picture answers a sum in words', async () => {
  const visit = await r.open('/login', { visitor: true })
  await visit.page.getByRole('button', { name: '看不清？改用算术题' }).click()
  await visit.page.getByText('请填写答案：7 + 5 = ?').waitFor()
  await expectSound(visit)
  await visit.context.close()
})

// Covers: IC-12
test('nothing can be typed before the puzzle is there, and only the newest puzzle counts', async () => {
  const { page, context } = await r.open('/', { visitor: true })
  let slow = true
  await page.route('**/v1/captchas', async (route) => {
    const mine = slow
    slow = false
    if (mine) await new Promise((done) => setTimeout(done, 1_500))
    await route.continue()
  })
  await page.goto(`${r.stage.origin}/login`)
  const field = page.getByRole('textbox', { name: '验证码', exact: true })
  await field.waitFor()
  expect(await field.isEditable()).toBe(false)
  // A sum is asked for and answered before the picture, asked for first, arrives.
  await page.getByRole('button', { name: '看不清？改用算术题' }).click()
  await page.getByText('请填写答案：7 + 5 = ?').waitFor()
  await page.waitForTimeout(2_000)
  expect(await page.getByRole('img', { name: '验证码图片' }).count()).toBe(0)
  await page.getByText('请填写答案：7 + 5 = ?').waitFor()
  await field.fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '换一张验证码' }).click()
  expect(await field.inputValue()).toBe('')
  await context.close()
})

test('a wrong password is said without naming which part was wrong', async () => {
  const { page, context } = await r.open('/login', { visitor: true })
  await page.getByLabel('用户名').fill('lihua')
  await page.getByLabel('密码').fill('wrong')
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByText('用户名或密码不正确').waitFor()
  await context.close()
})

// Covers: IC-190
test('a visitor who wants to upload signs in first and comes back; signing out ends the session', async () => {
  const { page, context } = await r.open('/photos/new', { visitor: true })
  await page.waitForURL(/\/login\?next=%2Fphotos%2Fnew/)
  await page.getByLabel('用户名').fill('lihua')
  await page.getByLabel('密码').fill(PASSWORD)
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('heading', { level: 1, name: '相片上传' }).waitFor()
  await page.reload()
  await page.getByText('138****8469').waitFor()
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('token')
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.goto(`${r.stage.origin}/photos/new`)
  await page.waitForURL(/\/login/)
  await context.close()
})

async function toRegistration(r: Rig) {
  const visit = await r.open('/', { visitor: true })
  const { page } = visit
  await page.getByRole('banner').getByRole('link', { name: '注册' }).click()
  const agree = page.getByRole('button', { name: '同意' })
  await agree.waitFor()
  expect(await agree.isDisabled()).toBe(true)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await agree.click()
  await page.getByRole('heading', { level: 1, name: '注册' }).waitFor()
  return visit
}

// Covers: IC-04, IC-05, IC-06, UA-10
test('registration opens after the agreement was ticked, and names what is missing', async () => {
  const visit = await toRegistration(r)
  const { page } = visit
  await page.getByRole('button', { name: '注册', exact: true }).click()
  expect(await page.getByRole('alert').getByRole('link').count()).toBe(4)
  await page.getByRole('textbox', { name: '设置密码' }).fill('short')
  await page.getByRole('textbox', { name: '确认密码' }).fill('other')
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await page.getByRole('alert').getByRole('link', { name: '两次填写的密码不一致' }).waitFor()
  await page.getByRole('alert').getByText('密码还需满足').waitFor()
  await shot(page, 'register-form')
  await expectSound(visit)
  await visit.context.close()
})

// Covers: UA-04, UA-05, UA-06, UA-07, UA-08, UA-09, UA-11, UA-13
test('a phone registers and is led to the personal centre', async () => {
  const visit = await toRegistration(r)
  const { page } = visit
  await page.getByRole('textbox', { name: '手机号' }).fill('138 1054 8469')
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill('0')
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('alert').getByRole('link', { name: '验证码不正确' }).waitFor()
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
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
  await shot(page, 'register-filled')
  await page.getByRole('textbox', { name: '登录账户' }).fill('')
  await page.getByRole('button', { name: '注册', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: '注册完成' }).waitFor()
  await page.getByText('138****8469 已注册成功').waitFor()
  await page.getByText(/[5-8] 秒后自动进入个人中心/).waitFor()
  await expectSound({ ...visit, faults: [] })
  await page.waitForURL(`${r.stage.origin}/me`, { timeout: 12_000 })
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  await visit.context.close()
})

// Covers: UA-02, UA-03, UA-14
test('home and personal centre both lead a visitor to the registration', async () => {
  const { page, context } = await r.open('/', { visitor: true })
  await page.getByRole('main').getByRole('link', { name: '个人注册' }).click()
  await page.getByRole('heading', { level: 1, name: '用户协议' }).waitFor()
  await page.goto(`${r.stage.origin}/me`)
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.getByRole('link', { name: /个人用户注册/ }).click()
  await page.getByRole('heading', { level: 1, name: '用户协议' }).waitFor()
  await context.close()
})

// Covers: UA-19, UA-20, UA-21
test('a QR code signs in once the app says yes, and says what else happened', async () => {
  const visit = await r.open('/', { visitor: true, width: 360 })
  const { page } = visit
  await page.route('**/config.json', (route) => route.fulfill({ json: { apiBase: '/api', appDownload: '/get-the-app' } }))
  await page.goto(`${r.stage.origin}/login?way=qr`)
  await page.getByRole('img', { name: '登录二维码' }).waitFor()
  await page.getByText('需要先在手机上安装').waitFor()
  expect(await page.getByRole('link', { name: '下载手机应用' }).getAttribute('href')).toBe('/get-the-app')
  await shot(page, 'login-qr')
  await expectSound(visit)
  phone.state = 'scanned'
  await page.getByText('47', { exact: true }).waitFor()
  await expectSound(visit)
  phone.state = 'denied'
  await page.getByText('手机上拒绝了这次登录').waitFor()
  await page.getByRole('button', { name: '换一个二维码' }).click()
  await page.getByRole('img', { name: '登录二维码' }).waitFor()
  phone.state = 'expired'
  await page.getByText('二维码已过期').waitFor()
  await page.getByRole('button', { name: '换一个二维码' }).click()
  await page.getByRole('img', { name: '登录二维码' }).waitFor()
  phone.state = 'yes'
  await page.waitForURL(r.stage.origin + '/')
  await visit.context.close()
})

// Covers: IC-185, IC-186
test('an account without a phone is asked for one after signing in, once', async () => {
  const visit = await r.open('/login', { visitor: true })
  const { page } = visit
  await page.getByLabel('用户名').fill('laozhang')
  await page.getByRole('textbox', { name: '密码', exact: true }).fill(PASSWORD)
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '登录', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: '请绑定登录手机号' })
  await dialog.waitFor()
  await expectSound(visit)
  await dialog.getByRole('button', { name: '前往' }).click()
  await page.getByRole('heading', { level: 1, name: '绑定登录手机号' }).waitFor()
  expect(await dialog.count()).toBe(0)
  await page.getByRole('navigation', { name: '个人中心' }).getByRole('link', { name: '基本信息' }).click()
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  expect(await dialog.count()).toBe(0)
  await visit.context.close()
})

// Covers: IC-10, IC-13, IC-14, IC-16, UA-18
test('by text message: phone, captcha, code, with the wait until another code is shown', async () => {
  const visit = await r.open('/login', { visitor: true, width: 360 })
  const { page } = visit
  await page.getByRole('link', { name: '短信登录' }).click()
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请填写 11 位手机号' }).waitFor()
  await page.getByRole('textbox', { name: '手机号' }).fill('138 1054 8469')
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('button', { name: /\d+ 秒后重新获取/ }).waitFor()
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('textbox', { name: '短信验证码' }).fill('000000')
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('alert').getByRole('link', { name: '短信验证码有误' }).waitFor()
  await shot(page, 'login-sms')
  await expectSound({ ...visit, faults: [] })
  await page.getByRole('textbox', { name: '短信验证码' }).fill(`${SMS_CODE.slice(0, 3)} ${SMS_CODE.slice(3)}`)
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.waitForURL(r.stage.origin + '/')
  await visit.context.close()
})

// Covers: UA-23, UA-24, UA-25, UA-26
test('a forgotten password: account, code, new password, done', async () => {
  const visit = await r.open('/login', { visitor: true })
  const { page } = visit
  await page.getByRole('link', { name: '忘记密码？' }).click()
  // The sign-in page has fields of the same names, and stays until the next page has loaded.
  await page.getByRole('heading', { level: 1, name: '找回密码' }).waitFor()
  await page.getByLabel('用户名').fill('lihua')
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByText('验证码将发送到 138****8469').waitFor()
  await shot(page, 'forgot')
  await expectSound(visit)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(SMS_CODE)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('textbox', { name: '密码', exact: true }).fill('weak')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('alert').getByText('密码还需满足').waitFor()
  await page.getByRole('textbox', { name: '密码', exact: true }).fill(PASSWORD)
  await page.getByRole('textbox', { name: '确认密码' }).fill('Another-1')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('alert').getByRole('link', { name: '两次填写的密码不一致' }).waitFor()
  await page.getByRole('textbox', { name: '确认密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByText('密码已修改，请用新密码登录').waitFor()
  await expectSound(visit)
  await visit.context.close()
})
