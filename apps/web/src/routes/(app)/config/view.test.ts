import type { ConfigEntry } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { groupsOf } from './view.ts'

const entry = (key: string, group: ConfigEntry['group'], origin: ConfigEntry['origin']): ConfigEntry => ({
  key,
  value: 'x',
  origin,
  group,
  secret: false,
  takesEffect: 'restart',
  description: null,
})
const entries = [
  entry('LIBRARY_DIR', 'paths', 'default'),
  entry('SOURCES', 'sources', 'file'),
  entry('LOG_DIR', 'paths', 'flag'),
]

test('settings stand with their group, in the order of the documentation', () => {
  const keys = groupsOf(entries, 'all').map(({ group, entries }) => [group, entries.map(({ key }) => key)])
  expect(keys).toEqual([
    ['paths', ['LIBRARY_DIR', 'LOG_DIR']],
    ['sources', ['SOURCES']],
  ])
})

test('a group of which nothing is set is left out', () => {
  expect(groupsOf(entries.slice(0, 2), 'set').map(({ group }) => group)).toEqual(['sources'])
})
