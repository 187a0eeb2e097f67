import { sql } from 'kysely'
import { literals } from '../db/sqlite/rows.ts'
import type { Check } from './check.ts'
import { anyAlive } from './runners.ts'

/** A wish that is older than this, with a runner there to grant it, is worth a word: ms. */
const patience = 10_000

/** Each command ends once, says when, and is about an item of its own job. */
export const commands: Check = async (ctx) => {
  const { database, report, now } = ctx
  const { rows } = await sql<{ n: number }>`select count(*) as n from job_commands`.execute(database.db)
  report.checked('commands', rows[0]?.n ?? 0)

  const wrong = await sql<{ id: number; status: string; ended: 0 | 1 }>`
    select c.id, c.status, (c.ended_at is not null) <> (c.status in ${literals(['applied', 'rejected', 'stopped'])}) as ended
    from job_commands c left join job_items i on i.id = c.target_item_id
    where ended or (i.id is not null and i.job_run_id <> c.job_run_id) limit 1000`.execute(database.db)
  for (const { id, status, ended } of wrong.rows) {
    if (ended)
      report.violation('commands', `command ${id} is ${status}, and its end time does not say so`, {
        command: id,
        status,
      })
    else report.violation('commands', `command ${id} is about an item of another job`, { command: id })
  }

  const waiting = await database.db
    .selectFrom('job_commands')
    .select(['id', 'command_type', 'job_run_id', 'created_at'])
    .where('status', 'in', literals(['pending', 'applying']))
    .where('created_at', '<', now() - patience)
    .orderBy('id')
    .limit(1_000)
    .execute()
  if (waiting.length === 0) return
  const alive = await anyAlive(ctx)
  for (const { id, command_type, job_run_id, created_at } of waiting) {
    const seconds = Math.round((now() - created_at) / 1000)
    const why = alive ? 'although a runner is alive' : 'for a runner'
    const message = `command ${id} (${command_type}, job ${job_run_id}) has waited ${seconds} s ${why}`
    report.notice('commands', message, { command: id, job: job_run_id, alive })
  }
}
