import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const DIST = new URL('../dist/', import.meta.url)
/** Bytes of gzip. */
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
const gzipBytes = (file: string): number => gzipSync(readFileSync(new URL(file, DIST)), { level: 9 }).length
const total = (files: Iterable<string>): number => [...files].reduce((sum, file) => sum + gzipBytes(file), 0)

/** The files of a chunk and of all chunks that it imports statically. */
function filesOf(key: string, seen = new Set<string>()): Set<string> {
  const chunk = manifest[key]!
  if (seen.has(chunk.file)) return seen
  seen.add(chunk.file)
  for (const file of chunk.css ?? []) seen.add(file)
  for (const imported of chunk.imports ?? []) filesOf(imported, seen)
  return seen
}

const entry = Object.keys(manifest).find((key) => manifest[key]!.isEntry)!
const first = filesOf(entry)

test('first load has at most 40 kB gzip', () => {
  const bytes = total(first) + gzipBytes('index.html')
  console.info(`first load: ${(bytes / 1024).toFixed(1)} kB gzip`)
  expect(bytes).toBeLessThanOrEqual(FIRST_LOAD_MAX)
})

const lazy = Object.keys(manifest).filter((key) => manifest[key]!.isDynamicEntry)
const routes = lazy.filter((key) => !key.endsWith('.ftl?raw'))
/** Size of the largest catalogue, because every route loads one. */
const catalogueBytes = Math.max(
  ...lazy.filter((key) => key.endsWith('.ftl?raw')).map((key) => gzipBytes(manifest[key]!.file)),
)

test.each(routes)('route %s adds at most 25 kB gzip', (key) => {
  const added = [...filesOf(key)].filter((file) => !first.has(file))
  const bytes = total(added) + catalogueBytes
  console.info(`${key}: ${(bytes / 1024).toFixed(1)} kB gzip with texts`)
  expect(bytes).toBeLessThanOrEqual(ROUTE_MAX)
})
