import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page, type Request } from 'playwright-core'
import { afterAll, beforeAll, expect, inject, onTestFinished } from 'vitest'
import type { MockApi } from '../mock/api'
import { type MockServer, startMockServer } from '../mock/server'

const TIMEOUT_MS = 15_000

export interface PageOptions {
  scheme?: 'light' | 'dark'
  /** Width of the viewport in pixels: 360 is a phone. */
  width?: number
  language?: 'zh-CN' | 'en'
  /** Opens the page without a session. */
  signedOut?: boolean
  /** Whether the site may install its service worker, which downloads all files of the site. */
  serviceWorker?: boolean
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

/** A mock server for the tests of one file, and the browser. */
export interface TestSite {
  server: MockServer
  origin: string
  api: MockApi
  /** JPEG files that an upload can use: the first passes the inspection, the second fails it. */
  photos: { straight: Buffer; tilted: Buffer }
  open: (path: string, options?: PageOptions) => Promise<TestPage>
  /**
   * Loads a page in the browser context of earlier visits with the same session and language. It is faster than `open`,
   * because the browser keeps its process and its compiled scripts. Only for tests that change no data.
   */
  visit: (path: string, options?: PageOptions) => Promise<TestPage>
}

/** Starts a test site before the tests of the calling file and stops it after them. */
export function setUpTestSite(): TestSite {
  const site = {} as TestSite
  let browser: Browser
  beforeAll(async () => {
    browser = await chromium.connect(inject('browserEndpoint'))
    const server = await startMockServer()
    const { origin, api } = server
    const [straight, tilted, standardPhoto] = inject('photos').map((photo) => Buffer.from(photo, 'base64'))
    api.options.standardPhoto = standardPhoto!
    const open = async (path: string, options: PageOptions = {}) => {
      const testPage = await newTestPage(browser, options)
      onTestFinished(() => testPage.context.close())
      await load(testPage.page, origin + path)
      return testPage
    }
    const visit = visitor(browser, origin)
    Object.assign(site, { server, origin, api, photos: { straight, tilted }, open, visit })
  })
  afterAll(async () => {
    await browser.close()
    await site.server.close()
  })
  return site
}

function visitor(browser: Browser, origin: string): TestSite['visit'] {
  const testPages = new Map<string, TestPage>()
  return async (path, options = {}) => {
    const key = JSON.stringify([options.signedOut, options.language])
    const testPage = testPages.get(key) ?? (await newTestPage(browser, options))
    testPages.set(key, testPage)
    const { page, errors } = testPage
    await page.setViewportSize(viewport(options))
    await page.emulateMedia({ colorScheme: options.scheme ?? 'light' })
    errors.length = 0
    await load(page, origin + path)
    return testPage
  }
}

async function load(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.locator('h1').first().waitFor()
}

const viewport = ({ width = 1280 }: PageOptions) => ({ width, height: width === 360 ? 740 : 900 })

async function newTestPage(browser: Browser, options: PageOptions): Promise<TestPage> {
  const { scheme = 'light', language, signedOut, serviceWorker } = options
  const context = await browser.newContext({
    colorScheme: scheme,
    viewport: viewport(options),
    locale: 'zh-CN',
    // Not Beijing, so that times in the browser's zone are noticed.
    timezoneId: 'America/New_York',
    permissions: ['camera'],
    reducedMotion: 'reduce',
    serviceWorkers: serviceWorker ? 'allow' : 'block',
  })
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

/** Tracks the requests of a page. Returns a function that waits until all have ended and the page has rendered. */
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

/** Resolves after two frames and the work after each: effects of a render may start requests or render again. */
async function rendered(): Promise<void> {
  for (let frame = 0; frame < 2; frame += 1) {
    await new Promise(requestAnimationFrame)
    await new Promise((resolve) => requestIdleCallback(resolve))
  }
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
 * Expects the same in light and in dark. A change of the scheme changes only colours, so the other scheme is checked by
 * the rules about colours alone.
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
