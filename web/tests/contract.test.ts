import { readFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'

// Covers: XX-02
test('schema.d.ts is generated from the committed openapi.json', async () => {
  const ast = await openapi(new URL('../openapi.json', import.meta.url))
  const committed = readFileSync(new URL('../src/api/schema.d.ts', import.meta.url), 'utf8')
  expect(committed.endsWith(astToString(ast))).toBe(true)
})
