import { expect, test } from 'vitest'
import { CAPTCHA_ANSWER } from '../mock/accounts'
import { rig } from './browser'

// Covers: XX-12
test('the shell opens without network, choices are kept, and no photo or answer is in any cache', async () => {
  const r = await rig()
  const { page } = await r.open('/photos/new')
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await page.getByLabel('相片规则').selectOption('easy')
  await page.getByLabel('相片类型').selectOption('driving-licence')
  await page.getByLabel('省', { exact: true }).selectOption('广东省')
  await page.getByLabel('市', { exact: true }).selectOption('广州市')
  await page.getByLabel('选择相片').setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: r.photos.good })
  await page.getByRole('textbox', { name: '验证码', exact: true }).fill(CAPTCHA_ANSWER)
  await page.getByRole('button', { name: '相片上传' }).click()
  await page.getByText('符合要求，可以用于办证。').waitFor()

  const kept = await page.evaluate(async () => {
    const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const requests = (await Promise.all(stores.map((store) => store.keys()))).flat()
    return requests.map((request) => new URL(request.url).pathname)
  })
  expect(kept).toContain('/')
  expect(kept.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThan(10)
  expect(kept.filter((path) => /^\/(api|standard|upload)/.test(path))).toEqual([])

  await page.reload()
  await page.getByLabel('相片类型').waitFor()
  expect(await page.getByLabel('相片类型').inputValue()).toBe('driving-licence')
  expect(await page.getByLabel('市', { exact: true }).inputValue()).toBe('广州市')

  await r.stage.close()
  await page.goto(r.stage.origin)
  await page.getByRole('heading', { level: 1, name: '上传一张相片' }).waitFor()
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '操作指引' }).click()
  await page.getByRole('heading', { level: 1, name: '操作指引' }).waitFor()
  await page.goto(`${r.stage.origin}/photos/new`)
  await page.getByText('没有连上服务器').waitFor()
  await r.browser.close()
})
