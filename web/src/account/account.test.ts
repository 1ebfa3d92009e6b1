import { expect, test } from 'vitest'
import { localPath } from './login'
import { brokenRules } from './password-rules'

// Covers: IC-174
test('brokenRules lists each rule that a password breaks', () => {
  expect(brokenRules('Aa1!aaaa')).toEqual([])
  expect(brokenRules('Aa1!aaa')).toEqual(['length'])
  expect(brokenRules('Aaa!aaaa')).toEqual(['digit'])
  expect(brokenRules('AA1!AAAA')).toEqual(['lower'])
  expect(brokenRules('aa1!aaaa')).toEqual(['upper'])
  expect(brokenRules('Aa1aaaaa')).toEqual(['special'])
  expect(brokenRules('中文密码中文密码')).toEqual(['digit', 'lower', 'upper', 'special'])
})

// Covers: IC-15
test('localPath returns / for addresses of other sites', () => {
  expect(localPath('/photos/new')).toBe('/photos/new')
  expect(localPath(undefined)).toBe('/')
  for (const foreign of ['//evil.test', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)']) {
    expect(localPath(foreign)).toBe('/')
  }
})
