import { afterEach, expect, test } from 'vitest'
import { startJob } from '../commands/start-job.ts'
import { closedGates } from '../repositories/gates.ts'
import { fakeSource } from '../testing/fakes.ts'
import { givenMachine, until, type Machine } from '../testing/machine.ts'

let machine: Machine
afterEach(() => machine.end())

test('a source that was configured after the runner began waits for its restart, and then goes on', async () => {
  machine = await givenMachine({ songs: 1 })
  const { database, clock } = machine
  const runner = await machine.start()
  const two = { id: 'two', type: 'two', values: {} }
  const settings = { ...machine.settings, sources: [...machine.settings.sources, two] }
  const snapshot = { library_root: machine.libraryDir, download_sources: [], env_values: {} }
  const ctx = { settings, snapshot, by: 'test', now: clock.now() }
  const id = await startJob(database, { jobType: 'full' }, ctx)
  const gate = await until('the gate of "two" to close', async () => (await closedGates(database.db))[0])
  expect(gate).toMatchObject({
    kind: 'source',
    ref: 'two',
    reason: 'the runner was started before "two" was configured, or it has been removed: restart the runner',
  })
  await until('the song of the other source to be copied', () =>
    Promise.resolve(machine.backend.objects.size === 1),
  )
  await runner.stop('to be started anew')
  const sources = { ...machine.wiring.sources, two: () => fakeSource({ id: 'two' }) }
  await machine.start({ settings, wiring: { ...machine.wiring, sources } })
  const view = await machine.jobIs(id, 'completed')
  expect(view.stages[0]?.counts.succeeded).toBe(3)
  expect(await closedGates(database.db)).toEqual([])
})
