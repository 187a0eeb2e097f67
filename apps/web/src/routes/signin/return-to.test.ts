import { expect, test } from 'vitest'
import { pathToReturnTo } from './return-to.ts'

test('signing in leads back to the page that was asked for', () => {
  expect(pathToReturnTo('/jobs/7?status=failed')).toBe('/jobs/7?status=failed')
})

test('signing in leads to no other site', () => {
  for (const next of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:1',
    '/signin',
    null,
  ]) {
    expect(pathToReturnTo(next)).toBe('/dashboard')
  }
})
