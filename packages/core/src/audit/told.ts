import type { EventKind } from '@catalogsync/contract'
import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { literals } from '../db/sqlite/rows.ts'
import { pages, type Check } from './check.ts'
import type { Reporter } from './report.ts'

/**
 * What happened in a job was told once: as many ends as attempts, one publication for each download that
 * succeeded, one recovery of each dead runner, one end of each command, and the job's present status last.
 */
export const told: Check = async ({ database, report, signal }) => {
  const read = (after: number) =>
    database.db
      .selectFrom('job_runs')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(1_000)
      .execute()
  for await (const page of pages(signal, read)) {
    for (const { id } of page) {
      signal.throwIfAborted()
      await database.snapshot((db) => judge(db, id, report))
    }
  }
}

async function judge(db: Queries, job: number, report: Reporter): Promise<void> {
  const events = await eventCounts(db, job)
  // Retention has taken the beginning of this job's story.
  if (events('job_created') === 0 && (await firstEvent(db)) !== 1) return
  const attempts = await attemptCounts(db, job)
  const made = (outcome: (o: string) => boolean, stage?: string): number =>
    attempts.reduce((sum, a) => sum + (outcome(a.outcome) && (!stage || a.stage_type === stage) ? a.n : 0), 0)
  const done = (stage: string): number => made((outcome) => outcome === 'succeeded', stage)
  const expect = (check: string, what: string, toldOf: number, happened: number): void => {
    if (toldOf === happened) return
    report.violation(check, `job ${job}: ${happened} ${what}, ${toldOf} told`, {
      job,
      told: toldOf,
      happened,
    })
  }
  expect('told', 'beginning of the job', events('job_created'), 1)
  expect(
    'told',
    'ended attempts',
    events('item_settled'),
    made((outcome) => outcome !== 'interrupted'),
  )
  expect(
    'recovery',
    'attempts lost to a crash',
    await recovered(db, job),
    made((o) => o === 'interrupted'),
  )
  expect('published', 'downloads that succeeded', events('file_published'), done('download'))
  expect('told', 'uploads that succeeded', events('object_stored'), done('upload'))
  expect('told', 'playlists that were synced', events('playlist_synced'), done('sync'))
  await judgeDoubles(db, job, report)
  await judgeCommands(db, job, report)
  await judgeStatus(db, job, report)
}

async function eventCounts(db: Queries, job: number): Promise<(kind: EventKind) => number> {
  const rows = await db
    .selectFrom('job_events')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('n')])
    .where('job_run_id', '=', job)
    .groupBy('kind')
    .execute()
  const counts = new Map(rows.map(({ kind, n }) => [kind, n]))
  return (kind) => counts.get(kind) ?? 0
}

async function firstEvent(db: Queries): Promise<number> {
  const row = await db.selectFrom('job_events').select('id').orderBy('id').limit(1).executeTakeFirst()
  return row?.id ?? 1
}

async function attemptCounts(db: Queries, job: number) {
  return db
    .selectFrom('job_items as i')
    .innerJoin('job_item_attempts as a', 'a.job_item_id', 'i.id')
    .select((eb) => ['i.stage_type', 'a.outcome', eb.fn.countAll<number>().as('n')])
    .where('i.job_run_id', '=', job)
    .groupBy(['i.stage_type', 'a.outcome'])
    .execute()
}

/** Events of a kind in a job whose payload can be read; unreadable ones are the event check's. */
const ofKind = (job: number, kind: EventKind) =>
  sql`job_run_id = ${job} and kind = ${sql.lit(kind)} and json_valid(payload_json)`

async function recovered(db: Queries, job: number): Promise<number> {
  const { rows } = await sql<{ n: number | null }>`select sum(json_extract(payload_json, '$.count')) as n
    from job_events where ${ofKind(job, 'recovery_requeued')}`.execute(db)
  return rows[0]?.n ?? 0
}

async function judgeDoubles(db: Queries, job: number, report: Reporter): Promise<void> {
  const recoveries = await sql<{ runner: string; n: number }>`
    select json_extract(payload_json, '$.runnerId') as runner, count(*) as n from job_events
    where ${ofKind(job, 'recovery_requeued')} group by runner having n > 1`.execute(db)
  for (const { runner, n } of recoveries.rows) {
    report.violation('recovery', `job ${job} was recovered ${n} times from runner "${runner}"`, {
      job,
      runner,
      n,
    })
  }
  const publications = await sql<{ item: number; n: number; done: number }>`
    select e.job_item_id as item, e.n, (select count(*) from job_item_attempts a
      where a.job_item_id = e.job_item_id and a.outcome = 'succeeded') as done
    from (select job_item_id, count(*) as n from job_events
      where job_run_id = ${job} and kind = 'file_published' group by job_item_id having count(*) > 1) e
    where e.n > done limit 1000`.execute(db)
  for (const { item, n, done } of publications.rows) {
    const facts = { job, item, published: n, succeeded: done }
    report.violation('published', `item ${item} was published ${n} times and succeeded ${done} times`, facts)
  }
}

async function judgeCommands(db: Queries, job: number, report: Reporter): Promise<void> {
  const { rows } = await sql<{ type: string; status: string; ended: number; told: number }>`
    select type, status, sum(ended) as ended, sum(told) as told from (
      select command_type as type, status, 1 as ended, 0 as told from job_commands
      where job_run_id = ${job} and status in ${literals(['applied', 'rejected', 'stopped'])}
      union all
      select json_extract(payload_json, '$.commandType'), json_extract(payload_json, '$.status'), 0, 1
      from job_events where ${ofKind(job, 'command_ended')})
    group by type, status having sum(ended) <> sum(told)`.execute(db)
  for (const { type, status, ended, told } of rows) {
    const message = `job ${job}: ${ended} "${type}" commands ended as ${status}, ${told} told`
    report.violation('commands', message, { job, type, status, ended, told })
  }
}

async function judgeStatus(db: Queries, job: number, report: Reporter): Promise<void> {
  const { rows } = await sql<{ status: string; told: string | null }>`select status,
    (select json_extract(payload_json, '$.to') from job_events where ${ofKind(job, 'job_status')}
      order by id desc limit 1) as told from job_runs where id = ${job}`.execute(db)
  const [row] = rows
  if (!row || row.status === (row.told ?? 'queued')) return
  const message = `job ${job} is ${row.status}, the last that was told is ${row.told ?? 'queued'}`
  report.violation('told', message, { job, status: row.status, told: row.told })
}
