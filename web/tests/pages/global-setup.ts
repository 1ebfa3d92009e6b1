/** Starts the one browser of all page tests and renders their photos. */
import { chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { STRAIGHT, TILTED } from '../mock/portrait-photo'
import { LAUNCH_OPTIONS, renderPhotos } from './browser'

const STANDARD_PHOTO = { width: 358, height: 441, scale: 1, degrees: 0 }

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address at which workers connect to the browser. */
    browserEndpoint: string
    /** JPEG files in base64: straight, tilted, standard photo. */
    photos: string[]
  }
}

export default async function setUp(project: TestProject) {
  const server = await chromium.launchServer(LAUNCH_OPTIONS)
  const browser = await chromium.connect(server.wsEndpoint())
  const photos = await renderPhotos(browser, [STRAIGHT, TILTED, STANDARD_PHOTO])
  await browser.close()
  project.provide('browserEndpoint', server.wsEndpoint())
  project.provide(
    'photos',
    photos.map((photo) => photo.toString('base64')),
  )
  return () => server.close()
}
