import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { expect } from 'vitest'
import { Portrait } from '../../src/drawing/portrait'
import { raise, type Stage } from '../mock/server'
import { drawing, STRAIGHT, TILTED, type Scene } from '../mock/scene'

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export interface Look {
  scheme?: 'light' | 'dark'
  width?: number
  language?: 'zh-CN' | 'en'
  visitor?: boolean
}

export interface Visit {
  page: Page
  context: BrowserContext
  /** Errors of scripts, network and content policy that the page met. */
  faults: string[]
}

export interface Rig {
  stage: Stage
  browser: Browser
  photos: { good: Buffer; tilted: Buffer }
  open: (path: string, look?: Look) => Promise<Visit>
  close: () => Promise<void>
}

/** One browser and one stage for a file of tests. */
export async function rig(): Promise<Rig> {
  const stage = await raise()
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  })
  const photos = { good: await photograph(browser, STRAIGHT), tilted: await photograph(browser, TILTED) }
  const { width, height } = { width: 358, height: 441 }
  stage.service.knobs.standardPhoto = await photograph(browser, { width, height, scale: 1, degrees: 0 })
  const open = (path: string, look: Look = {}) => visit(browser, stage, path, look)
  const close = async () => {
    await browser.close()
    await stage.close()
  }
  return { stage, browser, photos, open, close }
}

async function visit(browser: Browser, stage: Stage, path: string, look: Look): Promise<Visit> {
  const context = await browser.newContext({
    colorScheme: look.scheme ?? 'light',
    viewport: { width: look.width ?? 1280, height: look.width === 360 ? 740 : 900 },
    locale: 'zh-CN',
    timezoneId: 'America/New_York',
    permissions: ['camera'],
    reducedMotion: 'reduce',
  })
  if (!look.visitor) {
    await context.addCookies([
      { name: '__Host-refresh', value: 'alive', domain: 'localhost', path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
    ])
  }
  await context.addInitScript(
    ({ language, visitor }) => {
      if (language) localStorage.setItem('locale', language)
      if (!visitor) localStorage.setItem('session', '1')
    },
    { language: look.language, visitor: look.visitor },
  )
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(String(error)))
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text())
  })
  await page.goto(stage.origin + path)
  await page.locator('h1').first().waitFor()
  return { page, context, faults }
}

/** The drawn portrait as a JPEG a person could upload. */
export async function photograph(browser: Browser, scene: Scene): Promise<Buffer> {
  const page = await browser.newPage()
  const svg = drawing(scene, renderToString(h(Portrait, {})))
  const data = await page.evaluate(
    async ({ svg, width, height }) => {
      const image = new Image()
      image.src = 'data:image/svg+xml;charset=utf-8,' + encodeURIComponent(svg)
      await image.decode()
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      canvas.getContext('2d')!.drawImage(image, 0, 0)
      return canvas.toDataURL('image/jpeg', 0.95)
    },
    { svg, width: scene.width, height: scene.height },
  )
  await page.close()
  return Buffer.from(data.split(',')[1]!, 'base64')
}

export interface Violation {
  id: string
  targets: string[]
}

/** Violations of WCAG 2.0 to 2.2, levels A and AA. */
export async function axe(page: Page): Promise<Violation[]> {
  await page.evaluate(axeSource)
  return page.evaluate(async () => {
    type Axe = { run: (options: unknown) => Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary: string }[] }[] }> }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const found = await (window as unknown as { axe: Axe }).axe.run({ runOnly: { type: 'tag', values: tags } })
    return found.violations.map(({ id, nodes }) => ({ id, targets: nodes.map((node) => `${node.target} ${node.failureSummary}`) }))
  })
}

/** How far the page can be scrolled sideways. */
export const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

/** What every page must keep, whatever it shows. */
export async function expectSound({ page, faults }: Visit): Promise<void> {
  expect(await axe(page)).toEqual([])
  expect(await overflow(page)).toBe(0)
  expect(faults).toEqual([])
}

/** Keeps a picture for people to look at when `SHOTS` names a folder. */
export async function shot(page: Page, name: string): Promise<void> {
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name}.png`, fullPage: true })
}

export const LOOKS: Look[] = (['light', 'dark'] as const).flatMap((scheme) => [360, 1280].map((width) => ({ scheme, width })))
export const named = ({ scheme, width, language }: Look): string => `${scheme} ${width}${language === 'en' ? ' en' : ''}`
