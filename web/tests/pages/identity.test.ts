import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { IMPORTED_USER, PASSWORD, PHONE, TAKEN_PHONE } from '../mock/accounts'
import { signIn, solveCaptcha, verifyBySms } from './actions'
import { expectAccessible, screenshot, setUpTestSite } from './test-site'

const site = setUpTestSite()

const waitForStep = (page: Page, name: string) => page.getByRole('heading', { level: 2, name }).waitFor()

/** The first step of every change, by a code to the bound phone. */
async function stepUpBySms(page: Page): Promise<void> {
  await waitForStep(page, '验证身份')
  await page.getByText('绑定手机：138****8469').waitFor()
  await solveCaptcha(page)
  await verifyBySms(page)
  await page.getByRole('button', { name: '下一步' }).click()
}

// Covers: IC-184, UA-15, UA-28, UA-29
test('profile shows masked data with a link to the change of each', async () => {
  const testPage = await site.open('/')
  const { page } = testPage
  await page.getByRole('banner').getByRole('link', { name: '个人中心' }).click()
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  await testPage.settle()
  const row = (name: string) =>
    page.locator('dl.descriptions > div', { has: page.getByText(name, { exact: true }) }).locator('dd')
  const expected = {
    用户类型: /个人/,
    登录账户: /lihua/,
    昵称: /李华.*修改/,
    性别: /未认证/,
    姓名: /未认证/,
    生日: /未认证/,
    邮寄地址: /未填写.*设置/,
    密码: /•.*修改/,
    登录手机号: /138\*{4}8469.*修改/,
    电子邮箱: /未填写.*绑定/,
    实名认证: /未认证/,
    现场认证: /未认证/,
  }
  for (const [name, value] of Object.entries(expected)) expect(await row(name).textContent(), name).toMatch(value)
  await screenshot(page, 'profile')
  await expectAccessible(testPage)
})

// Covers: UA-30
test('nickname form rejects a blank name and saves a new one', async () => {
  const testPage = await site.open('/me/nickname')
  const { page } = testPage
  await page.getByRole('textbox', { name: '昵称' }).fill(' ')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请填写昵称' }).waitFor()
  await expectAccessible(testPage)
  await page.getByRole('textbox', { name: '昵称' }).fill('小明')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByRole('heading', { level: 1, name: '基本信息' }).waitFor()
  await page.getByRole('definition').getByText('小明').waitFor()
})

// Covers: IC-174, IC-175, IC-176, UA-33, UA-35
test('password changes after a step-up by the current password or by SMS code', async () => {
  const { page } = await site.open('/me/password')
  await waitForStep(page, '验证身份')
  await page.getByRole('button', { name: '改用当前密码' }).click()
  await page.getByRole('textbox', { name: '当前密码' }).fill('not it')
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('alert').getByRole('link', { name: '当前密码有误' }).waitFor()
  await page.getByRole('textbox', { name: '当前密码' }).fill(PASSWORD)
  await page.getByRole('button', { name: '下一步' }).click()
  await waitForStep(page, '修改密码')
  await page.getByRole('button', { name: '重新验证身份' }).click()
  await stepUpBySms(page)
  await waitForStep(page, '修改密码')
  await page.getByRole('textbox', { name: '新密码' }).fill('Another-Lamp-8')
  await page.getByRole('button', { name: '修改密码' }).click()
  await page.getByRole('alert').getByRole('link', { name: '两次填写的密码不一致' }).waitFor()
  await expectAccessible({ page, errors: [] })
  await page.getByRole('textbox', { name: '确认密码' }).fill('Another-Lamp-8')
  await page.getByRole('button', { name: '修改密码' }).click()
  await waitForStep(page, '完成')
  await page.getByText('密码已修改').waitFor()
  await screenshot(page, 'password-done')
})

// Covers: UA-34, UA-35, UA-36
test('phone is replaced after a step-up; a phone of another account is rejected', async () => {
  const { page } = await site.open('/me/phone', { width: 360 })
  await stepUpBySms(page)
  await waitForStep(page, '绑定手机')
  const bind = async (phone: string) => {
    await page.getByRole('textbox', { name: '手机号' }).fill(phone)
    await page.getByRole('button', { name: '绑定登录手机号' }).click()
  }
  await page.getByRole('textbox', { name: '手机号' }).fill(TAKEN_PHONE)
  await solveCaptcha(page)
  await verifyBySms(page)
  await bind(TAKEN_PHONE)
  await page.getByRole('alert').getByRole('link', { name: '该手机号已注册' }).waitFor()
  await expectAccessible({ page, errors: [] })
  await bind(PHONE)
  await waitForStep(page, '完成')
  await page.getByText('139****0000 已绑定').waitFor()
})

// Covers: UA-37, UA-38, UA-40, UA-41, EN-25
test('e-mail address is bound when its link is opened and confirmed, and the link works once', async () => {
  const testPage = await site.open('/me/email')
  const { page } = testPage
  await stepUpBySms(page)
  await waitForStep(page, '填写邮箱')
  await page.getByRole('textbox', { name: '电子邮箱' }).fill('zhang.san@example.cn')
  await page.getByRole('button', { name: '发送激活链接' }).click()
  await page.getByRole('alert').getByRole('link', { name: '请填写验证码' }).waitFor()
  await solveCaptcha(page)
  await page.getByRole('button', { name: '发送激活链接' }).click()
  await page.getByText('激活链接已发送到 zha***@example.cn').waitFor()
  await screenshot(page, 'email-sent')
  await expectAccessible(testPage)

  await page.goto(site.origin + site.api.accounts.emailLink())
  const confirm = page.getByRole('button', { name: '确认绑定' })
  await confirm.waitFor()
  expect(new URL(page.url()).hash).toBe('')
  expect(site.api.requests).not.toContain('POST /v1/me/email/confirmations')
  await expectAccessible(testPage)
  await confirm.click()
  await page.getByText('邮箱已成功绑定').waitFor()
  await screenshot(page, 'email-bound')

  await page.goto(`${site.origin}/`)
  await page.goto(site.origin + site.api.accounts.emailLink())
  await confirm.click()
  await page.getByText('激活链接已使用过').waitFor()
})

// Covers: UA-40
test('activation link opened without a session leads to the sign-in and back', async () => {
  const { page } = await site.open('/activate-email#some-link', { signedOut: true })
  await page.getByRole('main').getByRole('link', { name: '登录' }).click()
  await signIn(page, 'lihua')
  await page.getByRole('button', { name: '确认绑定' }).click()
  await page.getByText('激活链接无效').waitFor()
})

// Covers: UA-31, UA-32
test('addresses are added, changed, made the default and deleted', async () => {
  const testPage = await site.open('/me/addresses', { width: 360 })
  const { page } = testPage
  await page.getByText('还没有邮寄地址').waitFor()
  const add = async (receiver: string) => {
    await page.getByRole('button', { name: '增加邮寄地址' }).click()
    const texts = {
      收件人: receiver,
      手机号: '138 1054 8469',
      省份: '四川省',
      城市: '成都市',
      详细地址: '人民南路四段 1 号',
    }
    for (const [name, text] of Object.entries(texts)) await page.getByRole('textbox', { name }).fill(text)
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByRole('listitem').filter({ hasText: receiver }).waitFor()
  }
  await page.getByRole('button', { name: '增加邮寄地址' }).click()
  await page.getByRole('button', { name: '保存' }).click()
  await expect.poll(() => page.getByRole('alert').getByRole('link').count()).toBe(5)
  await expectAccessible(testPage)
  await page.getByRole('button', { name: '取消' }).click()
  await add('张三')
  await add('李四')
  const card = (receiver: string) => page.getByRole('listitem').filter({ hasText: receiver })
  expect(await card('张三').getByText('默认地址').count()).toBe(1)
  await page.getByRole('button', { name: '设为默认：李四' }).click()
  await card('李四').getByText('默认地址').waitFor()
  expect(await page.getByText('默认地址', { exact: true }).count()).toBe(1)
  await screenshot(page, 'addresses')
  await expectAccessible(testPage)
  await page.getByRole('button', { name: '修改：李四' }).click()
  await page.getByText('现为 138****8469，不修改请留空').waitFor()
  await page.getByRole('textbox', { name: '详细地址' }).fill('天府大道 2 号')
  await page.getByRole('button', { name: '保存' }).click()
  await page.getByText('天府大道 2 号').waitFor()
  await page.getByRole('button', { name: '删除：李四' }).click()
  await card('李四').waitFor({ state: 'detached' })
  await card('张三').getByText('默认地址').waitFor()
})

// Covers: UA-75
test('device list signs out another device', async () => {
  const testPage = await site.open('/me/devices')
  const { page } = testPage
  await page.getByText('本设备').waitFor()
  await screenshot(page, 'devices')
  await expectAccessible(testPage)
  await page.getByRole('button', { name: '退出此设备' }).click()
  await page.getByText('iPhone').waitFor({ state: 'detached' })
  await page.getByText('本设备').waitFor()
})

// Covers: IC-187
test('first phone of an imported account is bound by its own code, without a step-up', async () => {
  const testPage = await site.open('/login', { signedOut: true })
  const { page } = testPage
  await signIn(page, IMPORTED_USER)
  await page.getByRole('button', { name: '前往' }).click()
  await page.getByRole('heading', { level: 1, name: '绑定登录手机号' }).waitFor()
  await page.getByRole('textbox', { name: '手机号' }).fill(PHONE)
  await solveCaptcha(page)
  await verifyBySms(page)
  await page.getByRole('button', { name: '绑定登录手机号' }).click()
  await page.getByText('139****0000 已绑定').waitFor()
  await expectAccessible(testPage)
})
