import { afterEach, expect, test } from 'vitest'
import { givenMachine, type Machine } from '../testing/machine.ts'
import { preview } from './start-job.ts'

let machine: Machine
afterEach(() => machine.end())

test('a job about a song or a playlist that is not known is refused, and none is written down', async () => {
  machine = await givenMachine()
  const [known = 0] = await machine.knownSongs(['a'])
  const { database, settings } = machine
  const refused = [
    { scope: { songs: [known, 7, 8] }, error: { code: 'song_not_found', facts: { id: 7 } } },
    { scope: { playlists: [9] }, error: { code: 'playlist_not_found', facts: { id: 9 } } },
  ]
  for (const { scope, error } of refused) {
    await expect(machine.job({ jobType: 'full', scope })).rejects.toMatchObject(error)
    await expect(preview(database, { jobType: 'full', scope }, settings)).rejects.toMatchObject(error)
  }
  expect(await database.db.selectFrom('job_runs').select('id').execute()).toEqual([])
  await machine.job({ jobType: 'full', scope: { songs: [known] } })
})
