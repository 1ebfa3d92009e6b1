import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { afterAll, beforeAll, expect, onTestFinished } from 'vitest'
import { Portrait } from '../../src/drawing/portrait'
import type { MockApi } from '../mock/api'
import { type PhotoSpec, photoSvg, STRAIGHT, TILTED } from '../mock/portrait-photo'
import { type MockServer, startMockServer } from '../mock/server'

const TIMEOUT_MS = 15_000

export interface PageOptions {
  scheme?: 'light' | 'dark'
  /** Width of the viewport in pixels: 360 is a phone. */
  width?: number
  language?: 'zh-CN' | 'en'
  /** Opens the page without a session. */
  signedOut?: boolean
}

/** A page in a browser context of its own, which is closed when the test ends. */
export interface TestPage {
  page: Page
  context: BrowserContext
  /** Errors of scripts, network and content security policy since the page was opened. */
  errors: string[]
  /** Waits until the page has loaded all data and rendered it. */
  settle: () => Promise<void>
}

/** A mock server and a browser for the tests of one file. */
export interface TestSite {
  server: MockServer
  origin: string
  api: MockApi
  browser: Browser
  /** JPEG files that an upload can use: the first passes the inspection, the second fails it. */
  photos: { straight: Buffer; tilted: Buffer }
  open: (path: string, options?: PageOptions) => Promise<TestPage>
}

/** Starts a test site before the tests of the calling file and stops it after them. */
export function setUpTestSite(): TestSite {
  const site = {} as TestSite
  beforeAll(async () => {
    const [server, browser] = await Promise.all([startMockServer(), launchBrowser()])
    const { origin, api } = server
    const [straight, tilted, standardPhoto] = await Promise.all([
      renderPhoto(browser, STRAIGHT),
      renderPhoto(browser, TILTED),
      renderPhoto(browser, { width: 358, height: 441, scale: 1, degrees: 0 }),
    ])
    api.options.standardPhoto = standardPhoto
    const open = (path: string, options: PageOptions = {}) => openPage(browser, origin + path, options)
    Object.assign(site, { server, origin, api, browser, photos: { straight, tilted }, open })
  })
  afterAll(async () => {
    await site.browser.close()
    await site.server.close()
  })
  return site
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--use-fake-ui-for-media-stream',
      '--use-fake-device-for-media-stream',
    ],
  })
}

async function openPage(browser: Browser, url: string, options: PageOptions): Promise<TestPage> {
  const { scheme = 'light', width = 1280, language, signedOut } = options
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: { width, height: width === 360 ? 740 : 900 },
    locale: 'zh-CN',
    // Not Beijing, so that times in the browser's zone are noticed.
    timezoneId: 'America/New_York',
    permissions: ['camera'],
    reducedMotion: 'reduce',
  })
  onTestFinished(() => context.close())
  if (!signedOut) {
    const cookie = { name: '__Host-refresh', value: 'alive', domain: 'localhost', path: '/' }
    await context.addCookies([{ ...cookie, secure: true, httpOnly: true, sameSite: 'Strict' }])
  }
  await context.addInitScript(
    (stored) => {
      if (stored.language) localStorage.setItem('locale', stored.language)
      if (!stored.signedOut) localStorage.setItem('session', '1')
    },
    { language, signedOut },
  )
  const page = await context.newPage()
  page.setDefaultTimeout(TIMEOUT_MS)
  const errors = collectErrors(page)
  const settle = trackLoading(page)
  await page.goto(url)
  await page.locator('h1').first().waitFor()
  return { page, context, errors, settle }
}

function collectErrors(page: Page): string[] {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text())
  })
  return errors
}

/** Counts the open requests of a page and returns the function that waits until it has loaded and rendered everything. */
function trackLoading(page: Page): () => Promise<void> {
  const open = new Set<Request>()
  page.on('request', (request) => open.add(request))
  page.on('requestfinished', (request) => open.delete(request))
  page.on('requestfailed', (request) => open.delete(request))
  return async () => {
    do {
      await expect
        .poll(() => [...open].map((request) => request.url()), { timeout: TIMEOUT_MS, interval: 10 })
        .toEqual([])
      await page.evaluate(rendered)
    } while (open.size > 0)
  }
}

/** Resolves after two frames, each with the work that follows it: effects of a render may start requests or render again. */
async function rendered(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise(requestAnimationFrame)
    await new Promise((resolve) => requestIdleCallback(resolve))
  }
}

/** The drawn portrait as a JPEG file. */
export async function renderPhoto(browser: Browser, spec: PhotoSpec): Promise<Buffer> {
  const page = await browser.newPage()
  const svg = photoSvg(spec, renderToString(h(Portrait, {})))
  const data = await page.evaluate(
    async ({ svg, width, height }) => {
      const image = new Image()
      image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      canvas.getContext('2d')!.drawImage(image, 0, 0)
      return canvas.toDataURL('image/jpeg', 0.95)
    },
    { svg, width: spec.width, height: spec.height },
  )
  await page.close()
  return Buffer.from(data.split(',')[1]!, 'base64')
}

export interface Violation {
  id: string
  targets: string[]
}

const AXE_SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const WCAG_TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
/** The axe rules whose result depends on colours. */
const COLOUR_RULES = ['color-contrast', 'link-in-text-block']

/** Violations of WCAG 2.0 to 2.2, levels A and AA; with `colours`, only those of the rules about colours. */
export async function accessibilityViolations(page: Page, only?: 'colours'): Promise<Violation[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE_SOURCE)
  const runOnly = only ? { type: 'rule', values: COLOUR_RULES } : { type: 'tag', values: WCAG_TAGS }
  return page.evaluate(async (runOnly) => {
    interface Axe {
      run: (options: object) => Promise<{ violations: { id: string; nodes: AxeNode[] }[] }>
    }
    interface AxeNode {
      target: unknown[]
      failureSummary: string
    }
    const { violations } = await (window as unknown as { axe: Axe }).axe.run({ runOnly, resultTypes: ['violations'] })
    const describe = (node: AxeNode) => `${node.target} ${node.failureSummary}`
    return violations.map(({ id, nodes }) => ({ id, targets: nodes.map(describe) }))
  }, runOnly)
}

/** How many pixels the page can be scrolled sideways. */
export const horizontalOverflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** Expects no accessibility violation, no sideways scrolling and no error in the browser. */
export async function expectAccessible({ page, errors }: Pick<TestPage, 'page' | 'errors'>): Promise<void> {
  expect(await accessibilityViolations(page)).toEqual([])
  expect(await horizontalOverflow(page)).toBe(0)
  expect(errors).toEqual([])
}

/**
 * Expects the same in light and in dark. A change of the scheme changes only colours, so the other scheme is checked by the rules
 * about colours alone.
 */
export async function expectAccessibleInLightAndDark(testPage: TestPage, name: string): Promise<void> {
  const { page } = testPage
  await screenshot(page, `${name}-light`)
  await expectAccessible(testPage)
  await page.emulateMedia({ colorScheme: 'dark' })
  await screenshot(page, `${name}-dark`)
  expect(await accessibilityViolations(page, 'colours')).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
}

/** Saves a picture of the page when `SCREENSHOTS` names a folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

/** A phone and a desktop screen. */
export const WIDTHS = [360, 1280]
