import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { FluentBundle, FluentResource } from '@fluent/bundle'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '..')
const AREAS = readdirSync(join(SRC, 'i18n/zh-CN'))
const text = (locale: string, area: string) => readFileSync(join(SRC, 'i18n', locale, area), 'utf8')
const keys = (source: string) => [...source.matchAll(/^([a-zA-Z][\w-]*) =/gm)].map((match) => match[1]!)
const variables = (source: string, key: string) => {
  const body = source.split(new RegExp(`^${key} =`, 'm'))[1]!.split(/^\S/m)[0]!
  return [...new Set([...body.matchAll(/\$(\w+)/g)].map((match) => match[1]))].sort()
}

function sources(folder = SRC): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return sources(path)
    return /\.tsx?$/.test(name) && !/\.(test|d)\./.test(name) ? [readFileSync(path, 'utf8')] : []
  })
}

const used = sources().join('\n')
const all = AREAS.flatMap((area) => keys(text('zh-CN', area)))

// Covers: XX-09
test('both languages have the same catalogue files', () => {
  expect(readdirSync(join(SRC, 'i18n/en'))).toEqual(AREAS)
})

// Covers: XX-09
test.each(AREAS)('catalogue %s parses and has the same keys and variables in both languages', (area) => {
  const [zh, en] = [text('zh-CN', area), text('en', area)]
  expect(keys(en)).toEqual(keys(zh))
  expect(new Set(keys(zh)).size).toBe(keys(zh).length)
  for (const source of [zh, en]) {
    const bundle = new FluentBundle('zh-CN')
    expect(bundle.addResource(new FluentResource(source))).toEqual([])
    for (const key of keys(source)) expect(bundle.hasMessage(key), key).toBe(true)
  }
  for (const key of keys(zh)) expect(variables(en, key), key).toEqual(variables(zh, key))
})

// Covers: XX-09
test('every key in the code exists in a catalogue', () => {
  const requested = [...used.matchAll(/\b(?:t|maybe)\(\s*'([\w-]+)'/g)].map((match) => match[1]!)
  expect(requested.length).toBeGreaterThan(100)
  expect([...new Set(requested)].filter((key) => !all.includes(key))).toEqual([])
})

// Covers: XX-09
test('every key of the catalogues is used', () => {
  const templates = [...used.matchAll(/`([\w-]+-)\$\{[^}]+\}(-[\w-]+)?`/g)].map(
    (match) => new RegExp(`^${match[1]}[\\w-]+${match[2] ?? ''}$`),
  )
  const quoted = new Set([...used.matchAll(/'([\w-]+)'/g)].map((match) => match[1]!))
  const unused = all.filter((key) => !quoted.has(key) && !templates.some((pattern) => pattern.test(key)))
  expect(unused).toEqual([])
})
