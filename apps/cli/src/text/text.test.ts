import { expect, test } from 'vitest'
import { bar } from './bar.ts'
import { bytes, clockTime, duration } from './format.ts'
import { table } from './table.ts'
import { displayWidth, fit, plain } from './width.ts'

test('a Chinese, Japanese or Korean letter takes two columns, an accent none', () => {
  const widths = {
    abc: 3,
    夜: 2,
    Été: 3,
    'E\u0301te\u0301': 3,
    Ночь: 4,
    カタ: 4,
    한글: 4,
    'Ａ！': 4,
    '🎵': 2,
    '—': 1,
  }
  for (const [text, width] of Object.entries(widths))
    expect([text, displayWidth(text)]).toEqual([text, width])
})

test('what does not fit is cut between letters', () => {
  expect(fit('夜の歌', 6)).toBe('夜の歌')
  expect(fit('夜の歌', 5)).toBe('夜の…')
  expect(fit('夜の歌', 4)).toBe('夜…')
  expect(fit('abc', 0)).toBe('')
})

test('columns stand under each other, whatever is in them', () => {
  const rows = table(
    [{ title: 'ID', align: 'right' }, { title: 'WHAT' }, { title: 'WHY' }],
    [
      ['1', '夜', 'gone'],
      ['12', 'Tides', ''],
    ],
  )
  expect(rows).toEqual(['ID  WHAT   WHY', ' 1  夜     gone', '12  Tides'])
  const starts = rows.slice(0, 2).map((row) => displayWidth(row.slice(0, row.search(/WHY|gone/))))
  expect(starts).toEqual([11, 11])
})

test('a name cannot steer the terminal or turn the text around', () => {
  expect(plain('a\u001b[2Jb\u202Ec\nd')).toBe('a\\u001b[2Jb\\u202ec\\u000ad')
  expect(table([{ title: 'X' }], [['\u001b]0;owned\u0007']]).join()).not.toContain('\u001b')
})

test('a bar moves in eighths, and is full only at the end', () => {
  expect(bar(0, 8, 4)).toBe('░░░░')
  expect(bar(1, 32, 4)).toBe('▏░░░')
  expect(bar(999, 1000, 4)).toBe('███▉')
  expect(bar(8, 8, 4)).toBe('████')
  expect(bar(0, 0, 4)).toBe('░░░░')
})

test('times and sizes read as people say them', () => {
  expect([0, 42_000, 200_000, 7_500_000, 275_000_000].map((ms) => duration(ms, 'en'))).toEqual([
    '0 s',
    '42 s',
    '3 min 20 s',
    '2 h 5 min',
    '3 d 4 h',
  ])
  expect(duration(200_000, 'zh-CN')).toBe('3 分 20 秒')
  expect([512, 4_200_000, 999_600, 123_456_789_012].map(bytes)).toEqual([
    '512 B',
    '4.2 MB',
    '1.0 MB',
    '123 GB',
  ])
  expect(clockTime(0, 'Asia/Shanghai')).toBe('1970-01-01 08:00:00')
  expect(clockTime(null, 'UTC')).toBe('')
})
