import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CAPTCHA_ANSWER, mailedLink, PASSWORD, PHONE, SMS_CODE, TAKEN_PHONE } from '../mock/accounts'
import { expectSound, rig, shot, type Rig } from './browser'

let r: Rig
beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())

const solve = (page: Page) => page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
const step = (page: Page, name: string) => page.getByRole('heading', { level: 2, name }).waitFor()

async function proveByCode(page: Page): Promise<void> {
  await step(page, '验证身份')
  await page.getByText('绑定手机：138****8469').waitFor()
  await solve(page)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('button', { name: /\d+ 秒后重新获取/ }).waitFor()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(SMS_CODE)
  await page.getByRole('button', { name: '下一步' }).click()
}

// Covers: IC-184, UA-15, UA-28, UA-29
test('the details are shown masked, each with the way to its change', async () => {
  const visit = await r.open('/', {})
  const { page } = visit
  await page.getByRole('banner').getByRole('link', { name: '个人中心' }).click()
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  const row = (name: string) => page.locator('dl.descriptions > div', { has: page.getByText(name, { exact: true }) }).locator('dd')
  const expected = {
    用户类型: /个人/, 登录账户: /lihua/, 昵称: /李华.*修改/, 性别: /未认证/, 姓名: /未认证/, 生日: /未认证/,
    邮寄地址: /未填写.*设置/, 密码: /•.*修改/, 登录手机号: /138\*{4}8469.*修改/, 电子邮箱: /未填写.*绑定/, 实名认证: /未认证/, 现场认证: /未认证/,
  }
  for (const [name, value] of Object.entries(expected)) expect(await row(name).textContent(), name).toMatch(value)
  await page.waitForLoadState('networkidle')
  await shot(page, 'profile')
  await expectSound(visit)
  await visit.context.close()
})

// Covers: UA-30
test('the nickname is changed and saved', async () => {
  const visit = await r.open('/me/nickname')
  const { page } = visit
  await page.getByRole('textbox', { name: '昵称' }).fill(' ')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请填写昵称' }).waitFor()
  await expectSound(visit)
  await page.getByRole('textbox', { name: '昵称' }).fill('小明')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  await page.getByRole('definition').getByText('小明').waitFor()
  await visit.context.close()
})

// Covers: IC-174, IC-175, IC-176, UA-33, UA-35
test('the password changes in three steps, with the old one or a code', async () => {
  const visit = await r.open('/me/password')
  const { page } = visit
  await step(page, '验证身份')
  await page.getByRole('button', { name: '改用当前密码' }).click()
  await page.getByRole('textbox', { name: '当前密码' }).fill('not it')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('alert').getByRole('link', { name: '当前密码有误' }).waitFor()
  await page.getByRole('textbox', { name: '当前密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '下一步' }).click()
  await step(page, '修改密码')
  await page.getByRole('button', { name: '重新验证身份' }).click()
  await proveByCode(page)
  await step(page, '修改密码')
  await page.getByRole('textbox', { name: '新密码' }).fill('Another-Lamp-8')
  await page.getByRole('button', { name: '修改密码' }).click()
  await page.getByRole('alert').getByRole('link', { name: '两次填写的密码不一致' }).waitFor()
  await expectSound({ ...visit, faults: [] })
  await page.getByRole('textbox', { name: '确认密码' }).fill('Another-Lamp-8')
  await page.getByRole('button', { name: '修改密码' }).click()
  await step(page, '完成')
  await page.getByText('密码已修改').waitFor()
  await shot(page, 'password-done')
  await visit.context.close()
})

// Covers: UA-34, UA-35, UA-36
test('another phone is bound after a proof; one that is taken is refused', async () => {
  const visit = await r.open('/me/phone', { width: 360 })
  const { page } = visit
  await proveByCode(page)
  await step(page, '绑定手机')
  const bind = async (phone: string) => {
    await page.getByRole('textbox', { name: '手机号' }).fill(phone)
    await page.getByRole('button', { name: '绑定登录手机号' }).click()
  }
  await page.getByRole('textbox', { name: '手机号' }).fill(TAKEN_PHONE)
  await solve(page)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('button', { name: /\d+ 秒后重新获取/ }).waitFor()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(SMS_CODE)
  await bind(TAKEN_PHONE)
  await page.getByRole('alert').getByRole('link', { name: '该手机号已注册' }).waitFor()
  await expectSound({ ...visit, faults: [] })
  await bind(PHONE)
  await step(page, '完成')
  await page.getByText('139****0000 已绑定').waitFor()
  await visit.context.close()
})

// Covers: UA-37, UA-38, UA-40, UA-41, EN-25
test('an e-mail address is bound by its link, confirmed by hand, once', async () => {
  const visit = await r.open('/me/email')
  const { page } = visit
  await proveByCode(page)
  await step(page, '填写邮箱')
  await page.getByRole('textbox', { name: '电子邮箱' }).fill('zhang.san@example.cn')
  await page.getByRole('button', { name: '发送激活链接' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请填写验证码' }).waitFor()
  await solve(page)
  await page.getByRole('button', { name: '发送激活链接' }).click()
  await page.getByText('激活链接已发送到 zha***@example.cn').waitFor()
  await shot(page, 'email-sent')
  await expectSound(visit)

  await page.goto(r.stage.origin + mailedLink())
  const confirm = page.getByRole('button', { name: '确认绑定' })
  await confirm.waitFor()
  expect(new URL(page.url()).hash).toBe('')
  expect(r.stage.service.requests).not.toContain('POST /v1/me/email/confirmations')
  await expectSound(visit)
  await confirm.click()
  await page.getByText('邮箱已成功绑定').waitFor()
  await shot(page, 'email-bound')

  await page.goto(r.stage.origin + '/')
  await page.goto(r.stage.origin + mailedLink())
  await confirm.click()
  await page.getByText('激活链接已使用过').waitFor()
  await visit.context.close()
})

// Covers: UA-40
test('who opens the link signed out signs in first and comes back to it', async () => {
  const { page, context } = await r.open('/activate-email#some-link', { visitor: true })
  await page.getByRole('main').getByRole('link', { name: '登录' }).click()
  await page.getByRole('heading', { level: 1, name: '登录' }).waitFor()
  await page.getByLabel('用户名').fill('lihua')
  await page.getByRole('textbox', { name: '密码', exact: true }).fill(PASSWORD)
  await solve(page)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('button', { name: '确认绑定' }).click()
  await page.getByText('激活链接无效').waitFor()
  await context.close()
})

// Covers: UA-31, UA-32
test('addresses are added, changed, made the default and deleted', async () => {
  const visit = await r.open('/me/addresses', { width: 360 })
  const { page } = visit
  await page.getByText('还没有邮寄地址').waitFor()
  const add = async (receiver: string) => {
    await page.getByRole('button', { name: '增加邮寄地址' }).click()
    const texts = { 收件人: receiver, 手机号: '138 1054 8469', 省份: '四川省', 城市: '成都市', 详细地址: '人民南路四段 1 号' }
    for (const [name, text] of Object.entries(texts)) await page.getByRole('textbox', { name }).fill(text)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('listitem').filter({ hasText: receiver }).waitFor()
  }
  await page.getByRole('button', { name: '增加邮寄地址' }).click()
  await page.getByRole('button', { name: '保存' }).click()
  expect(await page.getByRole('alert').getByRole('link').count()).toBe(5)
  await expectSound(visit)
  await page.getByRole('button', { name: '取消' }).click()
  await add('张三')
  await add('李四')
  const card = (receiver: string) => page.getByRole('listitem').filter({ hasText: receiver })
  expect(await card('张三').getByText('默认地址').count()).toBe(1)
  await page.getByRole('button', { name: '设为默认：李四' }).click()
  await card('李四').getByText('默认地址').waitFor()
  expect(await page.getByText('默认地址', { exact: true }).count()).toBe(1)
  await shot(page, 'addresses')
  await expectSound(visit)
  await page.getByRole('button', { name: '修改：李四' }).click()
  await page.getByText('现为 138****8469，不修改请留空').waitFor()
  await page.getByRole('textbox', { name: '详细地址' }).fill('天府大道 2 号')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('天府大道 2 号').waitFor()
  await page.getByRole('button', { name: '删除：李四' }).click()
  await card('李四').waitFor({ state: 'detached' })
  await card('张三').getByText('默认地址').waitFor()
  await visit.context.close()
})

// Covers: UA-75
test('the devices are listed and another one is signed out', async () => {
  const visit = await r.open('/me/devices')
  const { page } = visit
  await page.getByText('本设备').waitFor()
  await shot(page, 'devices')
  await expectSound(visit)
  await page.getByRole('button', { name: '退出此设备' }).click()
  await page.getByText('iPhone').waitFor({ state: 'detached' })
  await page.getByText('本设备').waitFor()
  await visit.context.close()
})

// Covers: IC-187
test('a first phone needs only its own code', async () => {
  const visit = await r.open('/login', { visitor: true })
  const { page } = visit
  await page.getByLabel('用户名').fill('laozhang')
  await page.getByRole('textbox', { name: '密码', exact: true }).fill(PASSWORD)
  await solve(page)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '登录', exact: true }).click()
  await page.getByRole('button', { name: '前往' }).click()
  await page.getByRole('heading', { level: 1, name: '绑定登录手机号' }).waitFor()
  await page.getByRole('textbox', { name: '手机号' }).fill(PHONE)
  await solve(page)
  await page.getByRole('button', { name: '获取验证码' }).click()
  await page.getByRole('button', { name: /\d+ 秒后重新获取/ }).waitFor()
  await page.getByRole('textbox', { name: '短信验证码' }).fill(SMS_CODE)
  await page.getByRole('button', { name: '绑定登录手机号' }).click()
  await page.getByText('139****0000 已绑定').waitFor()
  await expectSound(visit)
  await visit.context.close()
})
