import { expect, test } from 'vitest'
import { en } from './en.ts'
import { preferredLanguage } from './preferred.ts'
import { placeholder, translator } from './translate.ts'
import type { MessageKey } from './translate.ts'
import { zhCn } from './zh-cn.ts'

const names = (text: string) => [...text.matchAll(placeholder)].map((match) => match[1]).sort()

test('both languages say every message with the same facts', () => {
  expect(Object.keys(zhCn).sort()).toEqual(Object.keys(en).sort())
  for (const key of Object.keys(en) as MessageKey[])
    expect([key, names(zhCn[key])]).toEqual([key, names(en[key])])
})

test('no message is empty, and Chinese is written in Chinese', () => {
  const foreign = Object.entries(zhCn).filter(([, text]) => !/[一-鿿]/.test(text.replaceAll(placeholder, '')))
  expect(foreign.map(([key]) => key)).toEqual([
    'dashboard.at_least',
    'worker.of',
    'job.stage.count',
    'playlists.here_of',
    'event.stage_status',
  ])
  expect(Object.values(en).filter((text) => text.trim() === '')).toEqual([])
})

test('Chinese uses its own punctuation between its own characters', () => {
  expect(Object.values(zhCn).filter((text) => /[一-鿿][,;:!?]|[一-鿿]\.(\s|$)/.test(text))).toEqual([])
})

test('a number brings its word in the form that goes with it', () => {
  const t = translator(en, 'en')
  expect([0, 1, 1200].map((n) => t('stage.items.download', { n }))).toEqual([
    '0 songs',
    '1 song',
    '1,200 songs',
  ])
  expect(translator(zhCn, 'zh-CN')('stage.items.download', { n: 1200 })).toBe('1,200 首歌曲')
})

test('a fact is put in as it is, also one that looks like a placeholder', () => {
  expect(translator(en, 'en')('songs.open', { title: '{title} $& 夜' })).toBe('Show {title} $& 夜')
})

test('a browser gets the first of its languages that the console speaks', () => {
  expect(preferredLanguage(['de-DE', 'zh-TW', 'en'])).toBe('zh-CN')
  expect(preferredLanguage(['fr', 'en-GB'])).toBe('en')
  expect(preferredLanguage(['ru'])).toBe('en')
})
