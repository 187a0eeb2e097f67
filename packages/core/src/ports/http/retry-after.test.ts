import { expect, test } from 'vitest'
import { retryAfterMs } from './retry-after.ts'

const now = Date.UTC(1994, 10, 6, 8, 49, 0)

test.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['0', 1_000],
  ['1000000000', 900_000],
  ['Sun, 06 Nov 1994 08:49:37 GMT', 37_000],
  ['Sunday, 06-Nov-94 08:49:37 GMT', 37_000],
  ['Sun Nov  6 08:49:37 1994', 37_000],
  ['Sun, 06 Nov 2094 08:49:37 GMT', 900_000],
  ['Sun, 06 Nov 1994 08:48:00 GMT', null],
  ['-5', null],
  ['1.5', null],
  ['soon', null],
  ['Monday', null],
  ['foo 2026', null],
  ['', null],
  [undefined, null],
])('"%s" is %s ms', (header, ms) => {
  expect(retryAfterMs(header, now)).toBe(ms)
})
