import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jobStatuses, type CommandInput, type ItemStatus, type JobStatus } from '@catalogsync/contract'
import { change } from '../repositories/change.ts'
import { getCommand, listCommands } from '../repositories/commands.ts'
import { eventsAfter } from '../repositories/events.ts'
import { itemRow } from '../repositories/items.ts'
import { getJob, jobRow } from '../repositories/jobs.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { givenJob } from '../testing/given-job.ts'
import { applyCommands } from './apply.ts'
import { sendCommand } from './send.ts'
import { startJob } from './start-job.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

const now = 1_700_000_100_000
const send = (input: CommandInput) => sendCommand(home.database, input, { by: 'test', now })

/** Sends a command and applies it as a runner would. @returns how it ended and what the job is then */
async function apply(input: CommandInput) {
  const id = await send(input)
  await change(home.database, now, applyCommands)
  const command = await getCommand(home.database.db, id)
  const job = await getJob(home.database.db, input.jobRunId)
  return { status: command?.status, reason: command?.reason, job: job.status }
}

const itemsIn: Record<JobStatus, Partial<Record<ItemStatus, number>>> = {
  queued: { pending: 2 },
  running: { pending: 1, running: 1 },
  pause_requested: { pending: 1, running: 1 },
  paused: { pending: 1, interrupted: 1 },
  cancel_requested: { pending: 1, running: 1 },
  completed: { succeeded: 2 },
  completed_with_errors: { succeeded: 1, failed: 1 },
  failed: { pending: 1, failed: 1 },
  canceled: { pending: 1, canceled: 1 },
}

/** Job state before → command's end, job state after. */
type Ends = Record<JobStatus, [end: 'applied' | 'rejected', after: JobStatus]>
const verbs: { name: string; of: (jobRunId: number) => CommandInput; ends: Ends }[] = [
  {
    name: 'pause',
    of: (jobRunId) => ({ type: 'pause', jobRunId }),
    ends: {
      queued: ['applied', 'paused'],
      running: ['applied', 'pause_requested'],
      pause_requested: ['applied', 'pause_requested'],
      paused: ['applied', 'paused'],
      cancel_requested: ['rejected', 'cancel_requested'],
      completed: ['rejected', 'completed'],
      completed_with_errors: ['rejected', 'completed_with_errors'],
      failed: ['rejected', 'failed'],
      canceled: ['rejected', 'canceled'],
    },
  },
  {
    name: 'resume',
    of: (jobRunId) => ({ type: 'resume', jobRunId }),
    ends: {
      queued: ['applied', 'queued'],
      running: ['applied', 'running'],
      pause_requested: ['applied', 'running'],
      paused: ['applied', 'queued'],
      cancel_requested: ['rejected', 'cancel_requested'],
      completed: ['rejected', 'completed'],
      completed_with_errors: ['rejected', 'completed_with_errors'],
      failed: ['rejected', 'failed'],
      canceled: ['rejected', 'canceled'],
    },
  },
  {
    name: 'cancel',
    of: (jobRunId) => ({ type: 'cancel', jobRunId }),
    ends: {
      queued: ['applied', 'canceled'],
      running: ['applied', 'cancel_requested'],
      pause_requested: ['applied', 'cancel_requested'],
      paused: ['applied', 'canceled'],
      cancel_requested: ['applied', 'cancel_requested'],
      completed: ['rejected', 'completed'],
      completed_with_errors: ['rejected', 'completed_with_errors'],
      failed: ['rejected', 'failed'],
      canceled: ['applied', 'canceled'],
    },
  },
]

describe.each(verbs)('$name', ({ of, ends }) => {
  test.each(jobStatuses)('of a job that is %s', async (status) => {
    const { jobId } = await givenJob(home.database, { status, items: itemsIn[status] })
    const [end, after] = ends[status]
    const result = await apply(of(jobId))
    expect([result.status, result.job]).toEqual([end, after])
    if (end === 'rejected') expect(result.reason).toBeTruthy()
    const kinds = (await eventsAfter(home.database.db, 0, 1_000)).filter(
      (event) => event.kind === 'command_ended',
    )
    expect(kinds.map((event) => event.payload.status)).toEqual([end])
  })
})

test('pause with now marks the job, and resuming it takes the mark away', async () => {
  const { jobId } = await givenJob(home.database, { items: { running: 1, pending: 1 } })
  await apply({ type: 'pause', jobRunId: jobId, now: true })
  expect((await jobRow(home.database.db, jobId))?.stop_now).toBe(1)
  await apply({ type: 'resume', jobRunId: jobId })
  expect((await jobRow(home.database.db, jobId))?.stop_now).toBe(0)
})

test('resuming puts interrupted items back in line', async () => {
  const { jobId } = await givenJob(home.database, {
    status: 'paused',
    items: { interrupted: 3, succeeded: 1 },
  })
  await apply({ type: 'resume', jobRunId: jobId })
  const view = await getJob(home.database.db, jobId)
  expect(view.stages[0]?.counts).toMatchObject({ interrupted: 0, pending: 3, succeeded: 1 })
})

describe('retrying an item', () => {
  const states: Record<ItemStatus, { job: JobStatus; retry: boolean; force: boolean }> = {
    pending: { job: 'paused', retry: true, force: true },
    running: { job: 'running', retry: false, force: false },
    succeeded: { job: 'completed', retry: false, force: true },
    skipped: { job: 'completed', retry: false, force: true },
    failed: { job: 'completed_with_errors', retry: true, force: true },
    canceled: { job: 'canceled', retry: false, force: false },
    interrupted: { job: 'paused', retry: true, force: true },
    held: { job: 'completed_with_errors', retry: false, force: true },
  }
  const cases = Object.entries(states).flatMap(([item, { job, retry, force }]) => [
    { item: item as ItemStatus, job, type: 'retry_item' as const, goes: retry },
    { item: item as ItemStatus, job, type: 'force_retry_item' as const, goes: force },
  ])

  test.each(cases)('$type of one that is $item, in a job that is $job', async ({ item, job, type, goes }) => {
    const { jobId, items } = await givenJob(home.database, { status: job, items: { [item]: 1 } })
    const targetItemId = items[item][0] ?? 0
    const result = await apply({ type, jobRunId: jobId, targetItemId })
    expect(result.status, result.reason ?? '').toBe(goes ? 'applied' : 'rejected')
    const row = await itemRow(home.database.db, targetItemId)
    if (!goes) return expect(row?.status).toBe(item)
    expect(row).toMatchObject({
      status: 'pending',
      attempts: 0,
      available_at: 0,
      ended_at: null,
      last_error: null,
    })
    expect(JSON.parse(row?.payload_json ?? '{}')).toEqual(type === 'force_retry_item' ? { force: true } : {})
    // What had ended is open again; what was paused stays paused.
    expect(result.job).toBe(job === 'paused' ? 'paused' : 'queued')
    const stage = (await getJob(home.database.db, jobId)).stages[0]
    expect(stage?.counts).toMatchObject({ pending: 1 })
    expect(stage?.endedAt).toBeNull()
  })

  test('of a job that failed as a whole starts that job again', async () => {
    const { jobId, items } = await givenJob(home.database, { status: 'failed', items: { failed: 1 } })
    const targetItemId = items.failed[0] ?? 0
    expect((await apply({ type: 'retry_item', jobRunId: jobId, targetItemId })).job).toBe('queued')
  })
})

describe('sending', () => {
  test('what is about no job, or about another job’s item, is refused at once', async () => {
    const one = await givenJob(home.database, { items: { pending: 1 } })
    const other = await givenJob(home.database, { items: { pending: 1 }, about: [2] })
    await expect(send({ type: 'pause', jobRunId: 999 })).rejects.toMatchObject({
      code: 'job_not_found',
      facts: { id: 999 },
    })
    const targetItemId = other.items.pending[0] ?? 0
    for (const id of [targetItemId, 999]) {
      const wrong = send({ type: 'retry_item', jobRunId: one.jobId, targetItemId: id })
      await expect(wrong).rejects.toMatchObject({ code: 'item_not_found', facts: { id, jobId: one.jobId } })
    }
    expect(await listCommands(home.database.db, one.jobId)).toEqual([])
  })

  test('input that is not as it should be is refused with the field’s name', async () => {
    const wrong = { type: 'pause', jobRunId: -1 } as const
    await expect(send(wrong)).rejects.toMatchObject({ code: 'invalid_input', facts: { what: /jobRunId/ } })
    const extra = { type: 'pause', jobRunId: 1, all: true } as CommandInput
    await expect(send(extra)).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('the same idempotency key again is the same command, applied once', async () => {
    const { jobId } = await givenJob(home.database, { items: { running: 1, pending: 1 } })
    const pause = { type: 'pause', jobRunId: jobId, idempotencyKey: 'once' } as const
    const first = await send(pause)
    expect(await send(pause)).toBe(first)
    await change(home.database, now, applyCommands)
    await apply({ type: 'resume', jobRunId: jobId })
    expect(await send(pause)).toBe(first)
    await change(home.database, now, applyCommands)
    expect((await getJob(home.database.db, jobId)).status).toBe('running')
    const mine = { ...pause, idempotencyKey: 'another' }
    expect(await send(mine)).not.toBe(first)
  })

  test('commands are applied in the order in which they were given', async () => {
    const { jobId } = await givenJob(home.database, { items: { running: 1, pending: 1 } })
    await send({ type: 'pause', jobRunId: jobId })
    await send({ type: 'resume', jobRunId: jobId })
    await send({ type: 'cancel', jobRunId: jobId })
    await change(home.database, now, applyCommands)
    expect((await getJob(home.database.db, jobId)).status).toBe('cancel_requested')
    const ended = await listCommands(home.database.db, jobId)
    expect(ended.map((command) => command.status)).toEqual(['applied', 'applied', 'applied'])
  })
})

describe('starting a job', () => {
  const places = {
    sources: [{ id: 'home', type: 'folder', values: {} }],
    backends: [{ id: 'nas', type: 'filesystem', values: {} }],
  }
  const start = (input: Parameters<typeof startJob>[1], changes: Partial<typeof home.settings> = places) =>
    startJob(home.database, input, {
      settings: { ...home.settings, ...changes },
      snapshot: { library_root: home.libraryDir, download_sources: [], env_values: {} },
      by: 'test',
      now,
    })

  test('takes every configured place where none is named', async () => {
    const view = await getJob(home.database.db, await start({ jobType: 'full' }))
    expect(view).toMatchObject({
      status: 'queued',
      sources: ['home'],
      downloadSources: [],
      backends: ['nas'],
    })
    expect(view.stages.map((stage) => stage.stageType)).toEqual(['collect', 'sync', 'download', 'upload'])
  })

  test('refuses places that are not configured, and jobs that would have nothing to do', async () => {
    await expect(start({ jobType: 'full', sources: ['attic'] })).rejects.toMatchObject({
      code: 'unknown_source',
      facts: { id: 'attic', known: ['home'] },
    })
    await expect(start({ jobType: 'full', backends: ['attic'] })).rejects.toMatchObject({
      code: 'unknown_backend',
    })
    const nothing = { sources: [], backends: [] }
    await expect(start({ jobType: 'full' }, nothing)).rejects.toMatchObject({ code: 'nothing_configured' })
    await expect(start({ jobType: 'upload_only' }, nothing)).rejects.toMatchObject({
      facts: { what: 'backend' },
    })
  })

  test('the same idempotency key again is the same job', async () => {
    const first = await start({ jobType: 'full', idempotencyKey: 'nightly' })
    expect(await start({ jobType: 'full', idempotencyKey: 'nightly' })).toBe(first)
    expect(await start({ jobType: 'full', idempotencyKey: 'weekly' })).not.toBe(first)
  })
})

describe('a command right behind one that opens an ended job again', () => {
  const opens = [
    { type: 'retry_item', item: 'failed' },
    { type: 'force_retry_item', item: 'failed' },
    { type: 'release_item', item: 'held' },
  ] as const
  const then = [
    { type: 'pause', becomes: 'paused' },
    { type: 'cancel', becomes: 'canceled' },
  ] as const
  const cases = opens.flatMap((first) => then.map((second) => ({ first, second })))

  test.each(cases)('finds it in line: $first.type, $second.type', async ({ first, second }) => {
    const { jobId, items } = await givenJob(home.database, {
      status: 'completed_with_errors',
      items: { [first.item]: 1 },
    })
    await send({ type: first.type, jobRunId: jobId, targetItemId: items[first.item][0] ?? 0 })
    expect(await apply({ type: second.type, jobRunId: jobId })).toEqual({
      status: 'applied',
      reason: null,
      job: second.becomes,
    })
    const moves = (await eventsAfter(home.database.db, 0, 100)).filter(({ kind }) => kind === 'job_status')
    expect(moves.slice(-2).map(({ payload }) => payload)).toEqual([
      { from: 'completed_with_errors', to: 'queued' },
      { from: 'queued', to: second.becomes },
    ])
  })

  test('and an ended job is opened once', async () => {
    const { jobId, items } = await givenJob(home.database, {
      status: 'completed_with_errors',
      items: { failed: 2 },
    })
    await send({ type: 'retry_item', jobRunId: jobId, targetItemId: items.failed[0] ?? 0 })
    await apply({ type: 'retry_item', jobRunId: jobId, targetItemId: items.failed[1] ?? 0 })
    const all = await eventsAfter(home.database.db, 0, 100)
    expect(
      all.filter(({ kind, payload }) => kind === 'job_status' && 'to' in payload && payload.to === 'queued'),
    ).toHaveLength(1)
  })
})
