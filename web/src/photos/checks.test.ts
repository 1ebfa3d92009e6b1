import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lineOf } from './lines'

/** The sources of the inspection engine, one file for each check. */
const CHECKS = join(import.meta.dirname, '../../../shared/inspection/src/check')
const engine = readdirSync(CHECKS).flatMap((file) => {
  const source = readFileSync(join(CHECKS, file), 'utf8')
  const code = /^ {4}code: "([^"]+)"/m.exec(source)?.[1]
  const names = ['zh', 'en'].map((language) => new RegExp(`^ {4}name_${language}: "([^"]+)"`, 'm').exec(source)?.[1])
  return code ? [{ code, zh: names[0], en: names[1] }] : []
})
const catalogueNames = (locale: string) => {
  const catalogue = readFileSync(join(import.meta.dirname, `../i18n/${locale}/photos.ftl`), 'utf8')
  return new Map([...catalogue.matchAll(/^check-([\w-]+) = (.+)$/gm)].map((match) => [match[1], match[2]]))
}

// Covers: IC-204
test('the catalogues name exactly the checks of the engine, in both languages', () => {
  expect(engine.length).toBeGreaterThan(40)
  const key = (code: string) => code.replace(/\./g, '-')
  expect(catalogueNames('zh-CN')).toEqual(new Map(engine.map(({ code, zh }) => [key(code), zh])))
  expect(catalogueNames('en')).toEqual(new Map(engine.map(({ code, en }) => [key(code), en])))
})

// Covers: IC-57
test('every framing check of the engine has a line', () => {
  const framing = engine.map(({ code }) => code).filter((code) => code.startsWith('framing.'))
  expect(framing.length).toBeGreaterThan(5)
  expect(framing.filter((code) => lineOf(code) === undefined)).toEqual([])
})
