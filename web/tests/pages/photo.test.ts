import type { Page } from 'playwright-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { CAPTCHA_ANSWER } from '../mock/accounts'
import { fillUploadForm, jpegFile, signIn, solveCaptcha } from './actions'
import { expectAccessible, expectAccessibleInLightAndDark, screenshot, setUpTestSite, WIDTHS } from './test-site'

const site = setUpTestSite()
beforeEach(() => {
  const { options, uploads, inspections, payments } = site.api
  options.brokenUploads = 0
  uploads.open()
  inspections.open()
  payments.balanceFen = 55_884
})

const PASSED = '符合要求，可以用于办证。'

const fill = (page: Page, name: string, content = site.photos.straight) =>
  fillUploadForm(page, { file: { name, content } })
const submit = (page: Page) => page.getByRole('button', { name: '相片上传' }).click()
const result = (page: Page) => page.getByRole('region', { name: '检测结果' })
const fact = (page: Page, term: string) =>
  result(page)
    .locator('dl.descriptions > div', { has: page.getByText(term, { exact: true }) })
    .locator('dd')

// Covers: IC-17, IC-18, IC-19, IC-20, IC-21, IC-22, IC-39
test('upload form offers rule sets, photo types, cities and payment methods, and takes one photo', async () => {
  const { page } = await site.open('/photos/new')
  await page.getByRole('button', { name: '说明' }).click()
  await page.getByRole('dialog').getByText('系统自动把相片裁剪').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  expect(await page.getByLabel('相片类型').locator('option').count()).toBe(1 + 9)
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  const cities = page.getByLabel('市', { exact: true }).locator('option')
  await expect.poll(() => cities.allTextContents()).toEqual(['市', '深圳市', '广州市'])
  expect(await page.getByRole('radio').count()).toBe(3)
  await page.getByText('¥558.84').waitFor()
  expect(await page.getByLabel('选择相片').evaluate((input: HTMLInputElement) => input.multiple)).toBe(false)
  await page.getByRole('link', { name: '相片相关标准' }).click()
  await page.waitForURL('**/photos/guide')
})

// Covers: IC-23, IC-25
test('submitting an empty upload form lists an error for each field, and each error links to its field', async () => {
  const testPage = await site.open('/photos/new')
  const { page } = testPage
  const isFocused = (element: Element) => element === document.activeElement
  await page.getByLabel('相片规则').waitFor()
  await submit(page)
  const summary = page.getByRole('alert')
  await summary.waitFor()
  await expect.poll(() => summary.evaluate(isFocused)).toBe(true)
  expect(await summary.getByRole('link').allTextContents()).toEqual([
    '请选择相片规则',
    '请选择相片类型',
    '请选择办证的省和市',
    '请添加一张相片',
    '请填写验证码',
  ])
  expect(await page.title()).toMatch(/^错误：/)
  await summary.getByRole('link', { name: '请选择相片类型' }).click()
  expect(await page.getByLabel('相片类型').evaluate(isFocused)).toBe(true)
  await screenshot(page, 'photo-errors')
  await expectAccessible(testPage)
})

// Covers: IC-26
test('a PNG with the extension .jpg is rejected before the upload', async () => {
  const { page } = await site.open('/photos/new')
  const png = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  await page.getByLabel('选择相片').setInputFiles(jpegFile('really.jpg', png))
  await page.getByRole('alert').getByText('只支持 JPG、JPEG 格式的相片').waitFor()
  expect(await page.getByText('really.jpg').count()).toBe(0)
})

// Covers: IC-38
test('a photo over 1 MB can be made smaller in the browser', async () => {
  const { page } = await site.open('/photos/new')
  await page.getByLabel('相片类型').selectOption('resident-id')
  // Decoders ignore bytes after the end of the image, the size limit does not.
  const large = Buffer.concat([site.photos.straight, Buffer.alloc(1_048_576)])
  await page.getByLabel('选择相片').setInputFiles(jpegFile('big.jpg', large))
  await page.getByRole('button', { name: '缩小到 1 MB 以内' }).click()
  await page.getByRole('button', { name: '缩小到 1 MB 以内' }).waitFor({ state: 'detached' })
  await page.getByText('big.jpg').waitFor()
})

// Covers: IC-43, IC-45, IC-46, IC-47, IC-49, IC-50, IC-52, IC-53
test('a passed photo shows its facts and its standard photo, and the form is empty for the next one', async () => {
  const { page, errors } = await site.open('/photos/new')
  await fill(page, '微信图片_20231010160957.jpg')
  await submit(page)
  await result(page).getByText(PASSED).waitFor()
  expect(await page.getByText('添加图片').count()).toBe(1)
  expect(await fact(page, '图像号码').textContent()).toMatch(/^A[A-Z]\d{9}$/)
  expect(await fact(page, '检测状态').textContent()).toBe('检测合格')
  expect(await fact(page, '检测结果').textContent()).toBe('符合要求')
  expect(await fact(page, '上传时间').textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/)
  expect(await fact(page, '收费金额').textContent()).toBe('1.5元')
  expect(await fact(page, '检测时间').textContent()).toBe('4 秒')
  expect(await fact(page, '相片类型').textContent()).toBe('第二代居民身份证数字相片')
  expect(await fact(page, '图像名称').textContent()).toBe('微信图片_20231010160957.jpg')
  await result(page).getByAltText('检测生成的标准相片').waitFor()
  await page.getByText('¥557.34').waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载标准相片' }).click()
  expect((await download).suggestedFilename()).toMatch(/^A[A-Z]\d{9}\.jpg$/)
  expect(errors).toEqual([])
})

describe.each(WIDTHS)('at %i px', (width) => {
  // Covers: IC-48, IC-51, IC-55, IC-57, XX-10, XX-11
  test('a tilted photo fails with reason, value, limit and advice, and its eye line is drawn', async () => {
    const testPage = await site.open('/photos/new', { width })
    const { page } = testPage
    await fill(page, 'tilted.jpg', site.photos.tilted)
    await screenshot(page, `photo-filled-${width}`)
    await submit(page)
    const panel = result(page)
    await panel.getByRole('heading', { name: '不合格原因' }).waitFor()
    const reason = panel.locator('.reasons[data-blocking] li')
    expect(await reason.count()).toBe(1)
    expect(await reason.textContent()).toContain('头像不正：头部向右倾斜12度')
    expect(await reason.textContent()).toContain('12.3°')
    expect(await reason.textContent()).toContain('±8° 以内')
    expect(await reason.textContent()).toContain('请把头摆正')
    expect(await fact(page, '收费金额').textContent()).toBe('0元')
    expect(await panel.locator('.overlay-lines .line-eyes[data-failing]').count()).toBe(1)
    const eyes = panel.getByRole('checkbox', { name: /眼线.*倾斜 12.3°/ })
    expect(await eyes.isChecked()).toBe(true)
    await eyes.uncheck()
    await panel.locator('.overlay-lines .line-eyes').waitFor({ state: 'detached' })
    await eyes.check()
    expect(await panel.getByRole('button', { name: /支付|回执打印|下载/ }).count()).toBe(0)
    await panel.getByText('全部检查项').click()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, `photo-failed-${width}`)
  })

  // Covers: IC-47, XX-10, XX-11
  test('a passed photo with its standard photo is accessible and does not scroll sideways', async () => {
    const testPage = await site.open('/photos/new', { width })
    const { page } = testPage
    await fill(page, 'good.jpg')
    await submit(page)
    await result(page).getByAltText('检测生成的标准相片').waitFor()
    await testPage.settle()
    await expectAccessibleInLightAndDark(testPage, `photo-passed-${width}`)
  })
})

// Covers: IC-54
test('the pager of the result panel shows each photo of this visit', async () => {
  const { page } = await site.open('/photos/new')
  for (const name of ['first.jpg', 'tilted-second.jpg']) {
    await fill(page, name)
    await submit(page)
    await result(page).getByText(name, { exact: true }).waitFor()
  }
  const pager = page.getByRole('group', { name: '本次上传的相片' })
  await pager.getByText('2/2').waitFor()
  await pager.getByRole('button', { name: '上一张' }).click()
  await pager.getByText('1/2').waitFor()
  expect(await fact(page, '图像名称').textContent()).toBe('first.jpg')
})

// Covers: IC-59, XX-12
test('after signing out, the next account sees no photo of the first', async () => {
  const { page } = await site.open('/photos/new')
  await fill(page, 'mine.jpg')
  await submit(page)
  await result(page).getByText('mine.jpg', { exact: true }).waitFor()
  await page.getByRole('button', { name: '退出' }).click()
  await signIn(page, 'lihua')
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '相片上传' }).click()
  await page.getByText('还没有相片').waitFor()
  expect(await page.getByText('mine.jpg').count()).toBe(0)
})

// Covers: IC-56
test('a timed-out inspection ends the wait and costs nothing', async () => {
  const { page } = await site.open('/photos/new')
  await fill(page, 'slow.jpg')
  await submit(page)
  await result(page).getByText('检测没有按时完成').waitFor()
  expect(await fact(page, '检测状态').textContent()).toBe('检测超时')
  expect(await fact(page, '收费金额').textContent()).toBe('0元')
})

// Covers: IC-58
test('a double click on upload creates one photo', async () => {
  const { page } = await site.open('/photos/new')
  const before = site.api.photos.size
  await fill(page, 'double.jpg')
  await page.getByRole('button', { name: '相片上传' }).dblclick()
  await result(page).getByText(PASSED).waitFor()
  expect(site.api.photos.size).toBe(before + 1)
})

// Covers: IC-60
test('an upload with a balance that is too low shows the reason and creates no photo', async () => {
  site.api.payments.balanceFen = 4
  const { page } = await site.open('/photos/new')
  await fill(page, 'poor.jpg')
  await submit(page)
  await page.getByText('账户余额不足').waitFor()
  expect([...site.api.photos.values()].some(({ fileName }) => fileName === 'poor.jpg')).toBe(false)
  await page.getByText('poor.jpg').waitFor()
})

// Covers: IC-23
test('an upload with a wrong captcha shows the error at its field and keeps the photo', async () => {
  const { page } = await site.open('/photos/new')
  await fill(page, 'kept.jpg')
  await solveCaptcha(page, '99')
  await submit(page)
  await page.getByRole('alert').getByRole('link', { name: '验证码不正确' }).waitFor()
  await page.getByText('kept.jpg').waitFor()
})

// Covers: XX-06
test('an upload that keeps breaking ends after three attempts and can be repeated by hand', async () => {
  const { page } = await site.open('/photos/new')
  // More than three: the browser itself repeats a request whose connection was dropped.
  site.api.options.brokenUploads = 99
  await fill(page, 'again.jpg')
  await submit(page)
  await result(page).getByText('上传没有成功').waitFor()
  site.api.options.brokenUploads = 0
  await page.getByRole('button', { name: '再次上传' }).click()
  await result(page).getByText(PASSED).waitFor()
})

// Covers: XX-06
test('an upload can be aborted and repeated', async () => {
  site.api.uploads.close()
  const { page } = await site.open('/photos/new')
  await fill(page, 'stopped.jpg')
  await submit(page)
  await page.getByRole('button', { name: '中止上传' }).click()
  await result(page).getByText('上传已中止').waitFor()
  site.api.uploads.open()
  await page.getByRole('button', { name: '再次上传' }).click()
  await result(page).getByText(PASSED).waitFor()
})

// Covers: XX-07, XX-12
test('the result of an inspection that ends while the page is offline appears after reconnecting', async () => {
  site.api.inspections.close()
  const { page, context } = await site.open('/photos/new')
  await fill(page, 'offline.jpg')
  await submit(page)
  await page.locator('.waiting-photo[data-moving]').waitFor()
  await context.setOffline(true)
  await page.getByText('当前离线').waitFor()
  site.api.inspections.open()
  await expect.poll(() => [...site.api.photos.values()].at(-1)?.state).toBe('paid')
  expect(await result(page).getByText(PASSED).count()).toBe(0)
  await context.setOffline(false)
  await result(page).getByText(PASSED).waitFor()
})

// Covers: XX-10
test('a photo can be uploaded and its result read with the keyboard alone', async () => {
  const { page } = await site.open('/photos/new')
  // Registered before the first key press, because the browser needs a moment to intercept file choosers.
  page.on('filechooser', (chooser) => void chooser.setFiles(jpegFile('keyboard.jpg', site.photos.straight)))
  await page.getByLabel('相片规则').waitFor()
  const tabTo = async (name: string | RegExp) => {
    for (let presses = 0; presses < 40; presses += 1) {
      await page.keyboard.press('Tab')
      const focused = await page.evaluate(() => {
        const element = document.activeElement as HTMLElement & { labels?: NodeListOf<HTMLElement> }
        return element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent ?? element.textContent ?? ''
      })
      if (typeof name === 'string' ? focused.replace('*', '') === name : name.test(focused)) return
    }
    throw new Error(`the Tab key did not reach ${name}`)
  }
  for (const label of ['相片规则', '相片类型', '省', '市']) {
    // The list of cities is disabled until a province is chosen.
    await page.getByRole('combobox', { name: label, exact: true }).and(page.locator(':enabled')).waitFor()
    await tabTo(label)
    await page.keyboard.press('ArrowDown')
  }
  await tabTo(/账户余额/)
  await tabTo('选择相片')
  await page.keyboard.press('Enter')
  await page.getByText('keyboard.jpg').waitFor()
  await tabTo('验证码')
  await expect.poll(() => page.getByRole('textbox', { name: '验证码', exact: true }).isEditable()).toBe(true)
  await page.keyboard.type(CAPTCHA_ANSWER)
  await page.keyboard.press('Enter')
  await result(page).getByText(PASSED).waitFor()
  await page.getByRole('button', { name: '下载标准相片' }).waitFor()
  await tabTo('下载标准相片')
})

test('the camera dialog takes a photo for the form', async () => {
  const { page } = await site.open('/photos/new', { width: 360 })
  await page.getByRole('button', { name: '拍照' }).click()
  const shutter = page.getByRole('dialog').getByRole('button', { name: '拍摄' })
  await shutter.and(page.locator(':enabled')).waitFor()
  await screenshot(page, 'camera')
  await shutter.click()
  await page.getByText(/camera-\d+\.jpg/).waitFor()
})

// Covers: IC-112, IC-116, IC-118, IC-123, IC-125
test('photo list shows pages of ten, filters by state and opens a photo', async () => {
  site.api.seedPhotos(12)
  const testPage = await site.open('/photos?limit=10')
  const { page } = testPage
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
  await screenshot(page, 'list')
  await expectAccessible(testPage)
  await page.getByRole('rowheader').first().getByRole('link').click()
  await page.getByRole('heading', { name: '不合格原因' }).waitFor()
  await screenshot(page, 'detail')
  await expectAccessible(testPage)
})

// Covers: IC-59
test('the number of a photo of another account is not found', async () => {
  const { page } = await site.open('/photos/AL000000001')
  await page.getByText('没有找到这张相片').waitFor()
})

// Covers: XX-09
test('the result of a failed photo is in English when the page is', async () => {
  const testPage = await site.open('/photos/new', { language: 'en', width: 360 })
  const { page } = testPage
  await page.getByLabel('Rule set').selectOption('easy')
  await page.getByLabel('Photo type').selectOption('resident-id')
  await page.getByLabel('Province', { exact: true }).selectOption('广东省')
  await page.getByLabel('City', { exact: true }).selectOption('深圳市')
  await page.getByLabel('Choose a photo').setInputFiles(jpegFile('tilted-en.jpg', site.photos.tilted))
  await page.getByRole('textbox', { name: 'Verification code', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: 'Upload photo' }).click()
  await page.getByText('The head leans 12 degrees').first().waitFor()
  await page.getByText('within ±8°').first().waitFor()
  await screenshot(page, 'photo-failed-en-360')
  await expectAccessible(testPage)
})
