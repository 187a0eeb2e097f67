import { expect, test } from 'vitest'
import { poolTabs } from './view.ts'

const pool = (id: number, source: string, name: string) => ({
  id,
  source,
  name,
  playlists: 2,
  collectedAt: null,
})

test('two pools of the same name are told apart by their source', () => {
  const tabs = poolTabs(
    [pool(1, 'home', 'Mine'), pool(2, 'work', 'Mine'), pool(3, 'work', 'Radio')],
    'All',
    (id) => `?pool=${id ?? ''}`,
  )
  expect(tabs.map(({ label }) => label)).toEqual(['All', 'Mine · home', 'Mine · work', 'Radio'])
  expect(tabs[2]).toMatchObject({ value: '2', count: '2', href: '?pool=2' })
})
