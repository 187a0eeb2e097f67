import { expect, test } from 'vitest'
import { searchExpression, searchText } from './search-text.ts'

test('characters that are written without spaces become words of their own', () => {
  expect(searchText('周杰伦 Live').split(/\s+/).filter(Boolean)).toEqual(['周', '杰', '伦', 'Live'])
  expect(searchText('ラブソング').split(/\s+/).filter(Boolean)).toHaveLength(5)
  expect(searchText('Ｈｅｌｌｏ')).toBe('Hello')
})

test('what is typed is looked for as phrases, the last word as a beginning', () => {
  expect(searchExpression('杰伦 ni')).toBe('" 杰  伦 " "ni"*')
})

test('nothing that is typed is syntax', () => {
  expect(searchExpression('a" OR title:*')).toBe('"a " "OR" "title:*"*')
})

test('there is nothing to look for in mere signs', () => {
  expect(searchExpression(' --- " * ')).toBeNull()
})
