import { expect, test } from 'vitest'
import { fillUploadForm } from './actions'
import { setUpTestSite } from './test-site'

const site = setUpTestSite()

// Covers: XX-12
test('without network the site opens and keeps the choices; photos and API responses are in no cache', async () => {
  const { page } = await site.open('/photos/new', { serviceWorker: true })
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
  })
  await fillUploadForm(page, {
    file: { name: 'a.jpg', content: site.photos.straight },
    card: 'driving-licence',
    city: '广州市',
  })
  await page.getByRole('button', { name: '相片上传' }).click()
  await page.getByText('符合要求，可以用于办证。').waitFor()

  const cached = await page.evaluate(async () => {
    const stores = await Promise.all((await caches.keys()).map((name) => caches.open(name)))
    const requests = (await Promise.all(stores.map((store) => store.keys()))).flat()
    return requests.map((request) => new URL(request.url).pathname)
  })
  expect(cached).toContain('/')
  expect(cached.filter((path) => path.startsWith('/assets/')).length).toBeGreaterThan(10)
  expect(cached.filter((path) => /^\/(api|standard|upload)/.test(path))).toEqual([])

  await page.reload()
  await page.getByLabel('相片类型').waitFor()
  expect(await page.getByLabel('相片类型').inputValue()).toBe('driving-licence')
  expect(await page.getByLabel('市', { exact: true }).inputValue()).toBe('广州市')

  await site.server.close()
  await page.goto(site.origin)
  await page.getByRole('heading', { level: 1, name: '上传一张相片' }).waitFor()
  await page.getByRole('navigation', { name: '主导航' }).getByRole('link', { name: '操作指引' }).click()
  await page.getByRole('heading', { level: 1, name: '操作指引' }).waitFor()
  await page.goto(`${site.origin}/photos/new`)
  await page.getByText('没有连上服务器').waitFor()
})
