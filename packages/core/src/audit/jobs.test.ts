import { afterEach, beforeEach, expect, test } from 'vitest'
import { audited, breakRows } from '../testing/audited.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { givenRunner } from '../testing/given-files.ts'
import { givenJob } from '../testing/given-job.ts'
import { door, givenMachine, until } from '../testing/machine.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

/** The checks that found a broken promise. */
const broken = async (): Promise<string[]> => {
  const { ok, findings } = await audited(home)
  const checks = findings.filter(({ severity }) => severity === 'violation').map(({ check }) => check)
  expect(ok).toBe(checks.length === 0)
  return [...new Set(checks)]
}

test('a database that was just made is clean', async () => {
  expect(await audited(home)).toMatchObject({ ok: true, findings: [] })
})

test('jobs in every state are clean as the machine leaves them', async () => {
  const lock = await givenRunner(home, 'given')
  const { database } = home
  await givenJob(database, { status: 'queued' })
  await givenJob(database, { type: 'full', status: 'running', planned: false })
  await givenJob(database, {
    status: 'running',
    items: { pending: 2, running: 1, succeeded: 3, failed: 1, held: 1 },
  })
  await givenJob(database, { status: 'pause_requested', items: { pending: 1, running: 1 }, about: [20, 21] })
  await givenJob(database, { status: 'paused', items: { interrupted: 2, succeeded: 1 } })
  await givenJob(database, {
    type: 'full',
    status: 'paused',
    items: { pending: 1, skipped: 1 },
    stage: 'sync',
  })
  await givenJob(database, { status: 'cancel_requested', items: { running: 1, pending: 1 }, about: [30, 31] })
  await givenJob(database, { type: 'full', status: 'completed', items: { succeeded: 2 } })
  await givenJob(database, { type: 'upload_only', status: 'completed', items: { succeeded: 2, skipped: 1 } })
  await givenJob(database, { status: 'completed_with_errors', items: { succeeded: 1, failed: 1, held: 1 } })
  await givenJob(database, { status: 'canceled', items: { pending: 1, canceled: 1 } })
  await givenJob(database, { status: 'failed', items: { pending: 1 } })
  const report = await audited(home)
  expect(report.findings).toEqual([])
  expect(report.checked).toMatchObject({ jobs: 12, items: 28, runners: 1, running_items: 3 })
  lock.release()
})

test('a factory makes no job that cannot be', async () => {
  const { database } = home
  await expect(givenJob(database, { status: 'completed', items: { pending: 1 } })).rejects.toThrow(
    'it is running',
  )
  await expect(givenJob(database, { status: 'paused', items: { running: 1 } })).rejects.toThrow(
    'pause_requested',
  )
  await expect(givenJob(database, { status: 'canceled', items: { running: 1 }, about: [2] })).rejects.toThrow(
    'canceled',
  )
})

test('a counter that disagrees with its items is found', async () => {
  const { stages } = await givenJob(home.database, { items: { pending: 2, succeeded: 1 } })
  breakRows(home, `update job_stages set n_pending = 1, n_failed = 1 where id = ${stages.download}`)
  const { findings } = await audited(home)
  expect(findings).toMatchObject([
    {
      check: 'counters',
      severity: 'violation',
      message: 'job 1, download: the counters say pending 1 instead of 2, failed 1 instead of 0',
      facts: { job: 1, counters: { pending: 1, failed: 1 }, items: { pending: 2, failed: 0 } },
    },
  ])
})

test('a stage that is not what its items make it is found', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  breakRows(home, `update job_stages set status = 'paused'`)
  expect(await broken()).toEqual(['stages'])
})

test('a job without one of its stages is found', async () => {
  await givenJob(home.database, { type: 'full', planned: false })
  breakRows(home, `delete from job_stages where stage_type = 'sync'`)
  expect(await broken()).toEqual(['stages'])
})

test('a job that should have ended is found', async () => {
  await givenJob(home.database, { status: 'completed', items: { succeeded: 1 } })
  breakRows(
    home,
    `update job_runs set status = 'running', ended_at = null`,
    `delete from job_events where id = (select max(id) from job_events where kind = 'job_status')`,
  )
  expect(await broken()).toContain('jobs')
})

test('a job called complete in spite of a failed item is found', async () => {
  await givenJob(home.database, { status: 'completed_with_errors', items: { failed: 1 } })
  breakRows(home, `update job_runs set status = 'completed'`)
  expect(await broken()).toEqual(['jobs', 'told'])
})

test('a settled job with a running item is found', async () => {
  const lock = await givenRunner(home)
  await givenJob(home.database, { items: { running: 1 } })
  breakRows(home, `update job_runs set status = 'canceled', ended_at = 1`)
  expect(await broken()).toContain('jobs')
  lock.release()
})

test.each([
  ['job_runs', `update job_runs set ended_at = 1`],
  ['job_stages', `update job_stages set ended_at = 1`],
  ['job_items', `update job_items set ended_at = 1 where status = 'pending'`],
])('an end time that does not fit the state is found in %s', async (_, statement) => {
  await givenJob(home.database, { items: { pending: 1 } })
  breakRows(home, statement)
  expect(await broken()).toContain('ended_at')
})

test('a lease that nobody works under, and work without a lease, are found', async () => {
  const lock = await givenRunner(home)
  await givenJob(home.database, { items: { pending: 1, running: 1 } })
  breakRows(home, `update job_items set lease_token = case status when 'pending' then 'x' end`)
  const { findings } = await audited(home)
  expect(findings.filter(({ check }) => check === 'leases').map(({ message }) => message)).toEqual([
    'item 1 is pending and still has a lease',
    'item 2 runs without a lease',
  ])
  lock.release()
})

test('an item in the stage of another job is found', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  const other = await givenJob(home.database, { items: { pending: 1 }, about: [9] })
  breakRows(home, `update job_items set job_run_id = 1 where id = ${other.items.pending[0]}`)
  expect(await broken()).toContain('items')
})

test.each([
  ['one is missing', `delete from job_item_attempts`],
  ['one too many was counted', `update job_items set tries = 2`],
  ['they are numbered wrongly', `update job_item_attempts set attempt_no = 2`],
  ['more were used up than made', `update job_items set attempts = 2`],
])('attempts are found wrong when %s', async (_, statement) => {
  await givenJob(home.database, { items: { failed: 1, pending: 1 } })
  breakRows(home, statement)
  expect(await broken()).toContain('attempts')
})

test('many findings of a kind are told as a hundred and a number', async () => {
  await givenJob(home.database, { items: { pending: 150 } })
  breakRows(home, `update job_items set tries = 1`)
  const { findings } = await audited(home)
  expect(findings).toHaveLength(101)
  expect(findings.at(-1)).toMatchObject({ check: 'attempts', severity: 'violation', facts: { more: 50 } })
})

test('items of a dead runner wait for recovery, which breaks no promise', async () => {
  const lock = await givenRunner(home)
  await givenJob(home.database, { items: { running: 2 } })
  lock.release()
  const { ok, findings } = await audited(home)
  expect(ok).toBe(true)
  expect(findings).toMatchObject([
    { check: 'runners', severity: 'notice', facts: { runner: 'given', items: 2 } },
  ])
  expect(findings[0]?.message).toContain('waits for recovery; the next start finds it')
})

test.each([
  ['has ended', `update runners set ended_at = 2`],
  ['no row knows', `delete from runners`],
])('items of a runner that %s are found', async (words, statement) => {
  const lock = await givenRunner(home)
  await givenJob(home.database, { items: { running: 1 } })
  breakRows(home, statement)
  const { ok, findings } = await audited(home)
  expect(ok).toBe(false)
  expect(findings[0]?.message).toContain(words)
  lock.release()
})

test('a job canceled in a stage that a retry had opened again is clean', async () => {
  const machine = await givenMachine({ songs: 1 })
  const { source } = machine
  const gate = door()
  try {
    await machine.start()
    const jobId = await machine.job({ jobType: 'full' })
    await machine.jobIs(jobId, 'completed')
    const listPools = source.listPools.bind(source)
    source.listPools = async (ctx) => {
      await gate.pass(ctx.signal)
      ctx.signal.throwIfAborted()
      return listPools(ctx)
    }
    const [first] = await machine.items(jobId)
    await machine.apply({ type: 'force_retry_item', jobRunId: jobId, targetItemId: first?.id ?? 0 })
    await until('the source to be asked again', () => Promise.resolve(gate.waiting() === 1))
    await machine.apply({ type: 'cancel', jobRunId: jobId })
    const { stages } = await until('the job to be canceled', async () => {
      const view = await machine.jobView(jobId)
      return view.status === 'canceled' && view
    })
    expect(stages.map(({ status }) => status)).toEqual(['canceled', 'canceled', 'canceled', 'canceled'])
    expect(await machine.violations()).toEqual([])
  } finally {
    await machine.end()
  }
})
