import { expect, test } from 'vitest'
import { bytes, duration, playtime, relative } from './format.ts'

test('bytes read as disks are sold, three digits at most', () => {
  const shown = [0, 734, 999, 1000, 12_345_678, 123_456_789, 999_600_000, 5e15].map((n) => bytes(n, 'en'))
  expect(shown).toEqual(['0 B', '734 B', '999 B', '1.0 kB', '12.3 MB', '123 MB', '1.0 GB', '5.0 PB'])
})

test('a duration shows its two largest units and no zero behind the first', () => {
  const shown = [400, 4_000, 60_000, 125_000, 11_520_000, 187_200_000].map((ms) => duration(ms, 'en'))
  expect(shown).toEqual(['0 s', '4 s', '1 min', '2 min 5 s', '3 h 12 min', '2 d 4 h'])
  expect(duration(125_000, 'zh-CN')).toBe('2 分 5 秒')
})

test('relative times look back and ahead in both languages', () => {
  const now = 1_700_000_000_000
  expect(relative(now - 12_000, now, 'en')).toBe('12 sec. ago')
  expect(relative(now + 180_000, now, 'en')).toBe('in 3 min.')
  expect(relative(now - 90_000_000, now, 'en')).toBe('yesterday')
  expect(relative(now - 7_300_000, now, 'zh-CN')).toBe('2小时前')
})

test('a song longer than an hour shows its hours', () => {
  expect([187_000, 59_600, 3_725_000].map(playtime)).toEqual(['3:07', '1:00', '1:02:05'])
})
