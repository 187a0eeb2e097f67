import { afterEach, beforeEach, expect, test } from 'vitest'
import { givenMachine, type Machine } from '../testing/machine.ts'
import { givenJob } from '../testing/given-job.ts'

let machine: Machine
beforeEach(async () => {
  machine = await givenMachine()
})
afterEach(() => machine.end())

const statusOf = async (jobId: number, itemId: number) =>
  (await machine.items(jobId)).find((item) => item.id === itemId)?.status

test('a failed item is held, released, and goes back in line', async () => {
  const { jobId, items } = await givenJob(machine.database, {
    status: 'paused',
    items: { pending: 1, failed: 1 },
    runner: 'gone',
  })
  const failed = items.failed[0] ?? 0
  await machine.start()
  const held = await machine.apply({ type: 'hold_item', jobRunId: jobId, targetItemId: failed })
  expect(held.status).toBe('applied')
  expect(await statusOf(jobId, failed)).toBe('held')
  expect((await machine.jobView(jobId)).stages[0]?.counts).toMatchObject({ failed: 0, held: 1, pending: 1 })

  const released = await machine.apply({ type: 'release_item', jobRunId: jobId, targetItemId: failed })
  expect(released.status).toBe('applied')
  expect(await statusOf(jobId, failed)).toBe('pending')
  const told = [...(await machine.events('item_held')), ...(await machine.events('item_released'))]
  expect(told.map((event) => event.payload)).toEqual([
    { stageType: 'download', key: expect.any(String) as string, from: 'failed' },
    { stageType: 'download', key: expect.any(String) as string, to: 'pending' },
  ])
})

test('a job does not wait for a held item, and says that it ended with errors', async () => {
  const { jobId, items } = await givenJob(machine.database, { status: 'paused', items: { pending: 1 } })
  await machine.start()
  await machine.apply({ type: 'hold_item', jobRunId: jobId, targetItemId: items.pending[0] ?? 0 })
  await machine.apply({ type: 'resume', jobRunId: jobId })
  const view = await machine.jobIs(jobId, 'completed_with_errors')
  expect(view.stages[0]?.counts).toMatchObject({ held: 1, pending: 0 })
})

test('releasing an item of a job that has ended opens the job again', async () => {
  const { jobId, items } = await givenJob(machine.database, {
    status: 'completed_with_errors',
    items: { held: 1 },
    gateRef: 'closed-for-the-test',
  })
  await machine.start()
  await machine.apply({ type: 'release_item', jobRunId: jobId, targetItemId: items.held[0] ?? 0 })
  await machine.jobIs(jobId, 'queued', 'running')
})

test('what cannot be held or released is refused with the reason', async () => {
  const { jobId, items } = await givenJob(machine.database, {
    status: 'paused',
    items: { pending: 1, succeeded: 1 },
  })
  await machine.start()
  const hold = await machine.apply({
    type: 'hold_item',
    jobRunId: jobId,
    targetItemId: items.succeeded[0] ?? 0,
  })
  expect(hold).toMatchObject({ status: 'rejected', reason: 'the item has succeeded' })
  const release = await machine.apply({
    type: 'release_item',
    jobRunId: jobId,
    targetItemId: items.pending[0] ?? 0,
  })
  expect(release).toMatchObject({ status: 'rejected', reason: 'the item is not held (pending)' })
})
