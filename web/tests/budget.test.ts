import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const DIST = new URL('../dist/', import.meta.url)
const FIRST_LOAD_MAX = 40 * 1024
const ROUTE_MAX = 25 * 1024

interface Chunk {
  file: string
  isEntry?: boolean
  isDynamicEntry?: boolean
  imports?: string[]
  css?: string[]
}

const manifest = JSON.parse(readFileSync(new URL('assets.json', DIST), 'utf8')) as Record<string, Chunk>
const weight = (file: string): number => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length
const total = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + weight(file), 0)

/** A chunk's files with everything it needs before it runs. */
function closure(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]!
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  chunk.css?.forEach((file) => seen.add(file))
  chunk.imports?.forEach((needed) => closure(needed, seen))
  return seen
}

const entry = Object.keys(manifest).find((key) => manifest[key]!.isEntry)!
const first = closure(entry)

test('the first load stays within 40 kB gzip', () => {
  const bytes = total(first) + weight('index.html')
  console.info(`first load: ${(bytes / 1024).toFixed(1)} kB gzip`)
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_MAX)
})

const lazy = Object.keys(manifest).filter((key) => manifest[key]!.isDynamicEntry)
const routes = lazy.filter((key) => !key.endsWith('.ftl?raw'))
/** The heaviest catalogue: every route brings one along. */
const texts = Math.max(...lazy.filter((key) => key.endsWith('.ftl?raw')).map((key) => weight(manifest[key]!.file)))

test.each(routes)('what %s adds stays within 25 kB gzip', (key) => {
  const added = [...closure(key)].filter((file) => !first.has(file))
  const bytes = total(added) + texts
  console.info(`${key}: ${(bytes / 1024).toFixed(1)} kB gzip with texts`)
  expect(bytes).toBeLessThanOrEqual(ROUTE_MAX)
})
