import { settledItemStatuses } from '@catalogsync/contract'
import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { literals } from '../db/sqlite/rows.ts'
import type { AuditContext, Check } from './check.ts'

/** Each item is in its job's stage, says when it ended, and has one row for each attempt. */
export const items: Check = async (ctx) => {
  const { database, report, signal } = ctx
  for (let after = 0; ;) {
    signal.throwIfAborted()
    const { upto, n } = await endOfPage(database.db, after)
    if (upto === null) return
    report.checked('items', n)
    await judgeStates(ctx, after, upto)
    await judgeAttempts(ctx, after, upto)
    after = upto
  }
}

const pageSize = 5_000

async function endOfPage(db: Queries, after: number): Promise<{ upto: number | null; n: number }> {
  const page = await sql<{ upto: number | null; n: number }>`select max(id) as upto, count(*) as n from
    (select id from job_items where id > ${after} order by id limit ${pageSize})`.execute(db)
  return page.rows[0] ?? { upto: null, n: 0 }
}

async function judgeStates({ database, report }: AuditContext, after: number, upto: number): Promise<void> {
  const { rows } = await sql<{ id: number; job: number; status: string; problem: string }>`
    select i.id, i.job_run_id as job, i.status, case
      when s.id is null or s.job_run_id <> i.job_run_id or s.stage_type <> i.stage_type then 'stage'
      when (i.ended_at is not null) <> (i.status in ${literals(settledItemStatuses)}) then 'ended'
      when (i.status = 'running') <> (i.lease_token is not null) then 'lease'
      when i.status = 'running' and (i.runner_id is null or i.started_at is null) then 'runner' end as problem
    from job_items i left join job_stages s on s.id = i.job_stage_id
    where i.id > ${after} and i.id <= ${upto} and problem is not null`.execute(database.db)
  for (const { id, job, status, problem } of rows) {
    const facts = { item: id, job, status }
    if (problem === 'ended') {
      report.violation('ended_at', `item ${id} is ${status}, and its end time does not say so`, facts)
    } else if (problem === 'stage') {
      report.violation('items', `item ${id} of job ${job} lies in a stage that is not its own`, facts)
    } else {
      const what = problem === 'lease' ? 'lease' : 'runner or start time'
      const message = status === 'running' ? `runs without a ${what}` : `is ${status} and still has a ${what}`
      report.violation('leases', `item ${id} ${message}`, facts)
    }
  }
}

async function judgeAttempts({ database, report }: AuditContext, after: number, upto: number): Promise<void> {
  const { rows } = await sql<{ id: number; tries: number; used: number; n: number; refunded: number }>`
    select i.id, i.tries, i.attempts as used, count(a.id) as n, coalesce(sum(a.refunded), 0) as refunded
    from job_items i left join job_item_attempts a on a.job_item_id = i.id
    where i.id > ${after} and i.id <= ${upto} group by i.id
    having i.tries <> count(a.id)
      or (count(a.id) > 0 and (min(a.attempt_no) <> 1 or max(a.attempt_no) <> count(a.id)
        or count(distinct a.attempt_no) <> count(a.id)))
      or i.attempts > count(a.id) - coalesce(sum(a.refunded), 0)`.execute(database.db)
  for (const { id, tries, used, n, refunded } of rows) {
    const facts = { item: id, tries, used, attempts: n, refunded }
    if (tries !== n)
      report.violation('attempts', `item ${id} was tried ${tries} times and has ${n} attempts`, facts)
    else if (used > n - refunded) {
      report.violation(
        'attempts',
        `item ${id} has used up ${used} attempts of the ${n - refunded} it made`,
        facts,
      )
    } else report.violation('attempts', `the attempts of item ${id} are not numbered 1 to ${n}`, facts)
  }
}
