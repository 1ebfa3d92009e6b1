import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'
import { h } from 'preact'
import { renderToString } from 'preact-render-to-string'
import { Portrait } from '../../src/drawing/portrait'
import { type PhotoSpec, photoSvg } from '../mock/portrait-photo'

/** Debian's browsers. The headless shell opens a page about three times as fast as the full browser. */
const BROWSERS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium']

export const LAUNCH_OPTIONS = {
  executablePath: process.env.CHROMIUM ?? BROWSERS.find((path) => existsSync(path)) ?? 'chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
  ],
}

export const launchBrowser = (): Promise<Browser> => chromium.launch(LAUNCH_OPTIONS)

/** Renders the drawn portrait as JPEG files. */
export async function renderPhotos(browser: Browser, specs: PhotoSpec[]): Promise<Buffer[]> {
  const page = await browser.newPage()
  const portrait = renderToString(h(Portrait, {}))
  const photos: Buffer[] = []
  for (const spec of specs) {
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
      { svg: photoSvg(spec, portrait), width: spec.width, height: spec.height },
    )
    photos.push(Buffer.from(data.split(',')[1]!, 'base64'))
  }
  await page.close()
  return photos
}
