import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Page } from 'playwright-core'
import { CAPTCHA_ANSWER, PASSWORD } from '../mock/accounts'
import { expectSound, LOOKS, named, rig, shot, type Rig } from './browser'

let r: Rig
beforeAll(async () => {
  r = await rig()
})
afterAll(() => r.close())
beforeEach(() => {
  Object.assign(r.stage.service.knobs, { brokenUploads: 0, inspectionMs: 900, uploadMs: 0 })
  r.stage.service.till.balanceFen = 55_884
})

const jpeg = (name: string, buffer: Buffer) => ({ name, mimeType: 'image/jpeg', buffer })

async function fill(page: Page, name: string, buffer = r.photos.good): Promise<void> {
  await page.getByLabel('相片规则').selectOption('easy')
  await page.getByLabel('相片类型').selectOption('resident-id')
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  await page.getByLabel('市', { exact: true }).selectOption('深圳市')
  await page.getByLabel('选择相片').setInputFiles(jpeg(name, buffer))
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
}

const send = (page: Page) => page.getByRole('button', { name: '相片上传' }).click()
const result = (page: Page) => page.getByRole('region', { name: '检测结果' })
const value = (page: Page, term: string) => result(page).locator('dl.descriptions > div', { has: page.getByText(term, { exact: true }) }).locator('dd')

// Covers: IC-17, IC-18, IC-19, IC-20, IC-21, IC-22, IC-39
test('the form offers rule sets, nine types, cities, methods, the balance, one photo and the standards', async () => {
  const { page, context } = await r.open('/photos/new')
  await page.getByRole('button', { name: '说明' }).click()
  await page.getByRole('dialog').getByText('系统自动把相片裁剪').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByLabel('相片类型').locator('option').count()).toBe(1 + 9)
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  expect(await page.getByLabel('市', { exact: true }).locator('option').allTextContents()).toEqual(['市', '深圳市', '广州市'])
  expect(await page.getByRole('radio').count()).toBe(3)
  await page.getByText('¥558.84').waitFor()
  expect(await page.getByLabel('选择相片').evaluate((input: HTMLInputElement) => input.multiple)).toBe(false)
  await page.getByRole('link', { name: '相片相关标准' }).click()
  await page.waitForURL('**/photos/guide')
  await context.close()
})

// Covers: IC-23, IC-25
test('every missing field has its own error, the summary takes the focus and leads to the fields', async () => {
  const visit = await r.open('/photos/new')
  const { page } = visit
  await page.getByLabel('相片规则').waitFor()
  await send(page)
  const summary = page.getByRole('alert')
  await summary.waitFor()
  expect(await summary.evaluate((element) => element === document.activeElement)).toBe(true)
  expect(await summary.getByRole('link').allTextContents()).toEqual(['请选择相片规则', '请选择相片类型', '请选择办证的省和市', '请添加一张相片', '请填写验证码'])
  expect(await page.title()).toMatch(/^错误：/)
  await summary.getByRole('link', { name: '请选择相片类型' }).click()
  expect(await page.getByLabel('相片类型').evaluate((element) => element === document.activeElement)).toBe(true)
  await shot(page, 'photo-errors')
  await expectSound(visit)
  await visit.context.close()
})

// Covers: IC-26
test('a PNG is refused on the page whatever its name says', async () => {
  const { page, context } = await r.open('/photos/new')
  await page.getByLabel('选择相片').setInputFiles(jpeg('really.jpg', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')))
  await page.getByRole('alert').getByText('只支持 JPG、JPEG 格式的相片').waitFor()
  expect(await page.getByText('really.jpg').count()).toBe(0)
  await context.close()
})

// Covers: IC-38
test('a photo over 1 MB can be made smaller on the device', async () => {
  const { page, context } = await r.open('/photos/new')
  await page.getByLabel('相片类型').selectOption('resident-id')
  // Bytes after the end of the picture: decoders ignore them, the limit does not.
  await page.getByLabel('选择相片').setInputFiles(jpeg('big.jpg', Buffer.concat([r.photos.good, Buffer.alloc(1_048_576)])))
  await page.getByRole('button', { name: '缩小到 1 MB 以内' }).click()
  await page.getByRole('button', { name: '缩小到 1 MB 以内' }).waitFor({ state: 'detached' })
  await page.getByText('big.jpg').waitFor()
  await context.close()
})

// Covers: IC-43, IC-45, IC-46, IC-47, IC-49, IC-50, IC-52, IC-53
test('a good photo moves to the right and passes', async () => {
  const { page, context, faults } = await r.open('/photos/new')
  await fill(page, '微信图片_20231010160957.jpg')
  await send(page)
  await result(page).getByText('符合要求，可以用于办证。').waitFor()
  expect(await page.getByText('添加图片').count()).toBe(1)
  expect(await value(page, '图像号码').textContent()).toMatch(/^A[A-Z]\d{9}$/)
  expect(await value(page, '检测状态').textContent()).toBe('检测合格')
  expect(await value(page, '检测结果').textContent()).toBe('符合要求')
  expect(await value(page, '上传时间').textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  expect(await value(page, '收费金额').textContent()).toBe('1.5元')
  expect(await value(page, '检测时间').textContent()).toBe('4 秒')
  expect(await value(page, '相片类型').textContent()).toBe('第二代居民身份证数字相片')
  expect(await value(page, '图像名称').textContent()).toBe('微信图片_20231010160957.jpg')
  await result(page).getByAltText('检测生成的标准相片').waitFor()
  await page.getByText('¥557.34').waitFor()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载标准相片' }).click()
  expect((await saving).suggestedFilename()).toMatch(/^A[A-Z]\d{9}\.jpg$/)
  expect(faults).toEqual([])
  await context.close()
})

describe.each(LOOKS.map((look) => [named(look), look] as const))('%s', (_, look) => {
  // Covers: IC-48, IC-51, IC-55, IC-57
  test('a tilted photo fails with reason, number, limit, hint and the eye line drawn', async () => {
    const visit = await r.open('/photos/new', look)
    const { page } = visit
    await fill(page, 'tilted.jpg', r.photos.tilted)
    await shot(page, `photo-filled-${look.scheme}-${look.width}`)
    await send(page)
    const panel = result(page)
    await panel.getByRole('heading', { name: '不合格原因' }).waitFor()
    const reason = panel.locator('.reasons[data-blocking] li')
    expect(await reason.count()).toBe(1)
    expect(await reason.textContent()).toContain('头像不正：头部向右倾斜12度')
    expect(await reason.textContent()).toContain('12.3°')
    expect(await reason.textContent()).toContain('±8° 以内')
    expect(await reason.textContent()).toContain('请把头摆正')
    expect(await value(page, '收费金额').textContent()).toBe('0元')
    expect(await panel.locator('.overlay-lines .line-eyes[data-failing]').count()).toBe(1)
    const eyes = panel.getByRole('checkbox', { name: /眼线.*倾斜 12.3°/ })
    expect(await eyes.isChecked()).toBe(true)
    await eyes.uncheck()
    expect(await panel.locator('.overlay-lines .line-eyes').count()).toBe(0)
    await eyes.check()
    expect(await panel.getByRole('button', { name: /支付|回执打印|下载/ }).count()).toBe(0)
    await panel.getByText('全部检查项').click()
    await shot(page, `photo-failed-${look.scheme}-${look.width}`)
    await expectSound(visit)
    await visit.context.close()
  })

  // Covers: IC-47, XX-10, XX-11
  test('a passed photo with its standard photo is sound', async () => {
    const visit = await r.open('/photos/new', look)
    await fill(visit.page, 'good.jpg')
    await send(visit.page)
    await result(visit.page).getByAltText('检测生成的标准相片').waitFor()
    await visit.page.waitForLoadState('networkidle')
    await shot(visit.page, `photo-passed-${look.scheme}-${look.width}`)
    await expectSound(visit)
    await visit.context.close()
  })
})

// Covers: IC-54
test('the pager goes through the photos of this visit', async () => {
  const { page, context } = await r.open('/photos/new')
  for (const name of ['first.jpg', 'tilted-second.jpg']) {
    await fill(page, name)
    await send(page)
    await result(page).getByText(name, { exact: true }).waitFor()
  }
  const pager = page.getByRole('group', { name: '本次上传的相片' })
  await pager.getByText('2/2').waitFor()
  await pager.getByRole('button', { name: '上一张' }).click()
  await pager.getByText('1/2').waitFor()
  expect(await value(page, '图像名称').textContent()).toBe('first.jpg')
  await context.close()
})

// Covers: IC-59, XX-12
test('signing out leaves no photo to the next account', async () => {
  const { page, context } = await r.open('/photos/new')
  await fill(page, 'mine.jpg')
  await send(page)
  await result(page).getByText('mine.jpg', { exact: true }).waitFor()
  await page.getByRole('button', { name: '退出' }).click()
  await page.getByLabel('用户名').fill('lihua')
  await page.getByLabel('密码').fill(PASSWORD)
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByLabel('已阅读并同意用户协议内容').check()
  await page.getByRole('button', { name: '登录' }).click()
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '相片上传' }).click()
  await page.getByText('还没有相片').waitFor()
  expect(await page.getByText('mine.jpg').count()).toBe(0)
  await context.close()
})

// Covers: IC-56
test('a timed-out inspection is final and free', async () => {
  const { page, context } = await r.open('/photos/new')
  await fill(page, 'slow.jpg')
  await send(page)
  await result(page).getByText('检测没有按时完成').waitFor()
  expect(await value(page, '检测状态').textContent()).toBe('检测超时')
  expect(await value(page, '收费金额').textContent()).toBe('0元')
  await context.close()
})

// Covers: IC-58
test('a double click sends one photo', async () => {
  const { page, context } = await r.open('/photos/new')
  const before = r.stage.service.photos.size
  await fill(page, 'double.jpg')
  await page.getByRole('button', { name: '相片上传' }).dblclick()
  await result(page).getByText('符合要求，可以用于办证。').waitFor()
  expect(r.stage.service.photos.size).toBe(before + 1)
  await context.close()
})

// Covers: IC-60
test('a balance that is too low is said, and nothing is sent', async () => {
  r.stage.service.till.balanceFen = 4
  const { page, context } = await r.open('/photos/new')
  await fill(page, 'poor.jpg')
  await send(page)
  await page.getByText('账户余额不足').waitFor()
  expect([...r.stage.service.photos.values()].some((photo) => photo.fileName === 'poor.jpg')).toBe(false)
  await page.getByText('poor.jpg').waitFor()
  await context.close()
})

// Covers: IC-23
test('a wrong captcha is said at its field and the photo stays', async () => {
  const { page, context } = await r.open('/photos/new')
  await fill(page, 'kept.jpg')
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill('99')
  await send(page)
  await page.getByRole('alert').getByRole('link', { name: '验证码不正确' }).waitFor()
  await page.getByText('kept.jpg').waitFor()
  await context.close()
})

// Covers: XX-06
test('a broken upload is tried again by itself, and by hand after three tries', async () => {
  const { page, context } = await r.open('/photos/new')
  // Many: the browser repeats a request on a dropped connection by itself, too.
  r.stage.service.knobs.brokenUploads = 99
  await fill(page, 'again.jpg')
  await send(page)
  await result(page).getByText('上传没有成功').waitFor()
  r.stage.service.knobs.brokenUploads = 0
  await page.getByRole('button', { name: '再次上传' }).click()
  await result(page).getByText('符合要求，可以用于办证。').waitFor()
  await context.close()
})

// Covers: XX-06
test('an upload can be stopped and taken up again', async () => {
  r.stage.service.knobs.uploadMs = 3_000
  const { page, context } = await r.open('/photos/new')
  await fill(page, 'stopped.jpg')
  await send(page)
  await page.getByRole('button', { name: '中止上传' }).click()
  await result(page).getByText('上传已中止').waitFor()
  r.stage.service.knobs.uploadMs = 0
  await page.getByRole('button', { name: '再次上传' }).click()
  await result(page).getByText('符合要求，可以用于办证。').waitFor()
  await context.close()
})

// Covers: XX-07, XX-12
test('going offline is said, and the result arrives once the network is back', async () => {
  r.stage.service.knobs.inspectionMs = 2_500
  const { page, context } = await r.open('/photos/new')
  await fill(page, 'offline.jpg')
  await send(page)
  await result(page).getByText('图像号码', { exact: false }).first().waitFor()
  await page.locator('.waiting-photo[data-moving]').waitFor()
  await context.setOffline(true)
  await page.getByText('当前离线').waitFor()
  await page.waitForTimeout(3_000)
  await context.setOffline(false)
  await result(page).getByText('符合要求，可以用于办证。').waitFor()
  await context.close()
})

// Covers: XX-10
test('the main job can be done with the keyboard alone', async () => {
  const { page, context } = await r.open('/photos/new')
  // Before anything else: the browser takes a moment to hand choosers over.
  page.on('filechooser', (chooser) => void chooser.setFiles(jpeg('keyboard.jpg', r.photos.good)))
  await page.getByLabel('相片规则').waitFor()
  const until = async (name: string | RegExp) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      const here = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLElement> }
        return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? ''
      })
      if (typeof name === 'string' ? here.replace('*', '') === name : name.test(here)) return
    }
    throw new Error(`no way by Tab to ${name}`)
  }
  for (const [label, presses] of [['相片规则', 1], ['相片类型', 1], ['省', 1], ['市', 1]] as const) {
    await until(label)
    for (let i = 0; i < presses; i += 1) await page.keyboard.press('ArrowDown')
  }
  await until(/账户余额/)
  await until('选择相片')
  await page.keyboard.press('Enter')
  await page.getByText('keyboard.jpg').waitFor()
  await until('验证码')
  await page.keyboard.type(CAPTCHA_ANSWER)
  await page.keyboard.press('Enter')
  await result(page).getByText('符合要求，可以用于办证。').waitFor()
  await until('下载标准相片')
  await context.close()
})

test('the camera takes a photo behind a guide', async () => {
  const { page, context } = await r.open('/photos/new', { width: 360 })
  await page.getByRole('button', { name: '拍照' }).click()
  await page.getByRole('dialog').getByRole('button', { name: '拍摄' }).and(page.locator(':enabled')).waitFor()
  await shot(page, 'camera')
  await page.getByRole('dialog').getByRole('button', { name: '拍摄' }).click()
  await page.getByText(/camera-\d+\.jpg/).waitFor()
  await context.close()
})

// Covers: IC-112, IC-116, IC-118, IC-123, IC-125
test('the list shows own photos, narrows by state and pages by cursor', async () => {
  r.stage.service.seed(12)
  const visit = await r.open('/photos?limit=10', { width: 1280 })
  const { page } = visit
  await page.getByRole('table').waitFor()
  expect(await page.getByRole('row').count()).toBe(1 + 10)
  await page.getByRole('button', { name: '下一页' }).click()
  await page.waitForURL(/cursor=/)
  await page.getByRole('button', { name: '上一页' }).click()
  await page.waitForURL((url) => !url.search.includes('cursor'))
  await page.getByLabel('检测状态').selectOption('failed')
  await page.getByRole('button', { name: '查询' }).click()
  await page.waitForURL(/state=failed/)
  await page.getByRole('cell', { name: '头像不正' }).first().waitFor()
  await expect.poll(() => page.getByRole('cell', { name: '检测合格' }).count()).toBe(0)
  await shot(page, 'list')
  await expectSound(visit)
  await page.getByRole('rowheader').first().getByRole('link').click()
  await page.getByRole('heading', { name: '不合格原因' }).waitFor()
  await shot(page, 'detail')
  await expectSound(visit)
  await visit.context.close()
})

// Covers: IC-59
test("somebody else's number is not found", async () => {
  const { page, context } = await r.open('/photos/AL000000001')
  await page.getByText('没有找到这张相片').waitFor()
  await context.close()
})

// Covers: XX-09
test('the verdict is in English for English readers', async () => {
  const visit = await r.open('/photos/new', { language: 'en', width: 360 })
  const { page } = visit
  await page.getByLabel('Rule set').selectOption('easy')
  await page.getByLabel('Photo type').selectOption('resident-id')
  await page.getByLabel('Province', { exact: true }).selectOption('广东省')
  await page.getByLabel('City', { exact: true }).selectOption('深圳市')
  await page.getByLabel('Choose a photo').setInputFiles(jpeg('tilted-en.jpg', r.photos.tilted))
  await page.getByRole('textbox', { name: 'Verification code', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: 'Upload photo' }).click()
  await page.getByText('The head leans 12 degrees').first().waitFor()
  await page.getByText('within ±8°').first().waitFor()
  await shot(page, 'photo-failed-en-360')
  await expectSound(visit)
  await visit.context.close()
})
