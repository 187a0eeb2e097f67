import { afterEach, expect, test } from 'vitest'
import { unusableLines } from '../repositories/unusable.ts'
import { givenMachine, type Machine } from '../testing/machine.ts'

let machine: Machine
afterEach(() => machine.end())

test('lines of a playlist that cannot be used are all counted, and a hundred are kept by name', async () => {
  machine = await givenMachine({ songs: 1 })
  const unavailable = Array.from({ length: 250 }, (_, i) => ({
    position: i + 1,
    title: `Line ${i}`,
    reason: 'gone',
  }))
  machine.source.listSongs = () =>
    Promise.resolve({ entries: machine.songs, complete: true, unavailable, changeToken: null })
  await machine.start()
  const id = await machine.job({ jobType: 'full' })
  await machine.jobIs(id, 'completed')
  const sync = (await machine.items(id)).find((item) => item.stageType === 'sync')
  expect(sync?.result).toMatchObject({ unavailable: unavailable.slice(0, 100), unavailable_count: 250 })
  expect(await unusableLines(machine.database.db, id)).toEqual({ lines: 250, playlists: 1 })
})
