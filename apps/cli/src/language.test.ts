import { expect, test } from 'vitest'
import { pickLanguage } from './language.ts'

test('the language is the one asked for, else that of the environment as POSIX orders it', () => {
  expect(pickLanguage([], {})).toBe('en')
  expect(pickLanguage([], { LANG: 'zh_CN.UTF-8' })).toBe('zh-CN')
  expect(pickLanguage([], { LANG: 'zh_CN.UTF-8', LC_MESSAGES: 'en_US.UTF-8' })).toBe('en')
  expect(pickLanguage([], { LANG: 'de_DE', LC_ALL: '', LC_MESSAGES: 'zh_TW' })).toBe('zh-CN')
  expect(pickLanguage(['job', '--lang', 'en'], { LC_ALL: 'zh_CN' })).toBe('en')
  expect(pickLanguage(['--lang=zh-CN'], { LANG: 'C' })).toBe('zh-CN')
})
