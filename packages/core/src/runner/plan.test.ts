import { sql } from 'kysely'
import { afterEach, expect, test } from 'vitest'
import { change, undoable } from '../repositories/change.ts'
import { jobOf, jobRow } from '../repositories/jobs.ts'
import { stagesOfJob } from '../repositories/stages.ts'
import { givenJob } from '../testing/given-job.ts'
import { door, givenMachine, scripted, until, type Machine } from '../testing/machine.ts'
import { failUnfit, planJobs } from './plan.ts'

let machine: Machine
afterEach(() => machine.end())

const skip = scripted(() => ({ kind: 'skipped', reason: 'done' }))
const setScope = (jobId: number, text: string) =>
  machine.database.db
    .updateTable('job_runs')
    .set({ playlist_scope_json: text })
    .where('id', '=', jobId)
    .execute()

test.each([
  ['is no JSON', '{"mode":'],
  ['lacks its lists', '{"mode":"missing"}'],
  ['is nothing', 'null'],
])('a job whose scope %s fails with the reason, and the others go on', async (_, text) => {
  machine = await givenMachine()
  await machine.knownSongs(['a', 'b'])
  const bad = await machine.job({ jobType: 'download_only' })
  await setScope(bad, text)
  const good = await machine.job({ jobType: 'download_only' })
  await machine.start({ executors: skip })
  const view = await machine.jobIs(bad, 'failed')
  expect(view.reason).toContain('cannot be read')
  expect((await machine.jobIs(good, 'completed')).stages[0]?.counts.skipped).toBe(2)
  expect(await machine.violations()).toEqual([])
})

test('a job whose scope breaks while it runs is failed when what runs has ended', async () => {
  machine = await givenMachine()
  await machine.knownSongs(['a', 'b', 'c', 'd', 'e'])
  const gate = door()
  await machine.start({
    executors: scripted(async (_work, ctx) => {
      await gate.pass(ctx.signal)
      return { kind: 'skipped', reason: 'done' }
    }),
  })
  const jobId = await machine.job({ jobType: 'download_only' })
  await until('three songs to be under way', () => Promise.resolve(gate.waiting() === 3))
  await setScope(jobId, 'torn')
  await machine.quiet()
  expect((await machine.jobView(jobId)).status).toBe('running')
  gate.open()
  const view = await machine.jobIs(jobId, 'failed')
  expect(view.stages[0]?.counts).toMatchObject({ skipped: 3, pending: 2, running: 0 })
  expect(await machine.violations()).toEqual([])
})

test('a job whose planning throws is failed, and its page leaves no trace', async () => {
  machine = await givenMachine()
  await machine.knownSongs(['a'])
  const { database, clock } = machine
  const { jobId } = await givenJob(database, { planned: false })
  const good = await givenJob(database, { planned: false })
  await change(database, clock.now(), async (c) => {
    const rows = [await jobRow(c.tx, jobId), await jobRow(c.tx, good.jobId)]
    const [bad, other] = rows.flatMap((row) => (row ? [jobOf(row)] : []))
    if (!bad || !other) throw new Error('the jobs are not there')
    // The planner's own code meets what nobody thought of.
    const broken = new Proxy(bad, {
      get: (job, key) => {
        if (key === 'sources') throw new TypeError('not iterable')
        return Reflect.get(job, key) as unknown
      },
    })
    expect(await planJobs(c, [broken, other])).toBe(false)
    await failUnfit(c, [broken, other])
  })
  expect(await jobRow(database.db, jobId)).toMatchObject({
    status: 'failed',
    reason: 'planning failed: not iterable',
  })
  expect((await stagesOfJob(database.db, jobId))[0]?.planned_at).toBeNull()
  expect((await stagesOfJob(database.db, good.jobId))[0]?.planned_at).not.toBeNull()
})

test('a database error fails no job, but the whole change', async () => {
  machine = await givenMachine()
  const { database, clock } = machine
  const { jobId } = await givenJob(database, { planned: false })
  const turn = change(database, clock.now(), async (c) => {
    const row = await jobRow(c.tx, jobId)
    const job = row && jobOf(row)
    await sql`drop table songs`.execute(c.tx) // undone with the rest
    await planJobs(c, job ? [job] : [])
  })
  await expect(turn).rejects.toMatchObject({ code: 'SQLITE_ERROR' })
  expect((await jobRow(database.db, jobId))?.status).toBe('running')
})

test('what was done and told in work that throws is undone', async () => {
  machine = await givenMachine()
  const { database, clock } = machine
  const { jobId, stages } = await givenJob(database, { items: { pending: 1 } })
  const events = (await machine.events('job_status')).length
  await change(database, clock.now(), async (c) => {
    const work = undoable(c, async (part) => {
      await part.tx.updateTable('job_runs').set({ priority: 99 }).where('id', '=', jobId).execute()
      part.count(stages.download ?? 0, null, 'pending')
      part.emit('job_status', { job: jobId }, { from: 'queued', to: 'running' })
      throw new Error('in the middle')
    })
    await expect(work).rejects.toThrow('in the middle')
  })
  expect((await jobRow(database.db, jobId))?.priority).not.toBe(99)
  expect((await machine.jobView(jobId)).stages[0]?.counts.pending).toBe(1)
  expect(await machine.events('job_status')).toHaveLength(events)
})
