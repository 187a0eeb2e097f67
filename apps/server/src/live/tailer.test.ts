import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Database } from '@catalogsync/core'
import { givenMachine, type Machine } from '@catalogsync/core/testing'
import { createTailer } from './tailer.ts'

let machine: Machine
let asked: number
let counted: Database

beforeEach(async () => {
  machine = await givenMachine()
  asked = 0
  counted = {
    ...machine.database,
    version() {
      asked += 1
      return machine.database.version()
    },
  }
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(async () => {
  vi.useRealTimers()
  await machine.end()
})

test('the database is asked only while somebody watches, and once for all of them', async () => {
  const tailer = createTailer(counted)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toBe(0)
  const one = await tailer.watch()
  const two = await tailer.watch()
  const before = asked
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked - before).toBeGreaterThanOrEqual(18)
  expect(asked - before).toBeLessThanOrEqual(21)
  one.release()
  one.release()
  const withOne = asked
  await vi.advanceTimersByTimeAsync(200)
  expect(asked).toBeGreaterThan(withOne)
  two.release()
  const after = asked
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toBe(after)
})

test('what was committed is told from memory, and what is older from the table', async () => {
  const tailer = createTailer(counted)
  const watch = await tailer.watch()
  const start = tailer.state()
  const jobs = [await machine.job({ jobType: 'full' }), await machine.job({ jobType: 'full' })]
  await vi.advanceTimersByTimeAsync(60)
  const state = tailer.state()
  expect(state.lastId).toBe(start.lastId + 2)
  expect(state.generation).toBeGreaterThan(start.generation)
  const events = await tailer.after(start.lastId, 10)
  expect(events.map((event) => event.jobRunId)).toEqual(jobs)
  expect(await tailer.after(start.lastId, 1)).toEqual(events.slice(0, 1))
  expect(await tailer.after(0, 10_000)).toHaveLength(state.lastId)
  watch.release()
})
