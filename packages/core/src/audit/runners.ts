import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { openRunners } from '../repositories/runners.ts'
import { isDead } from '../runner/lock.ts'
import type { AuditContext, Check } from './check.ts'

/** Whoever holds running items is alive, or dead in a way that recovery will find. */
export const runners: Check = async (ctx) => {
  const { database, report, lockFolder } = ctx
  const holders = await holdersOf(database.db)
  for (const { runner, items, known, ended_at } of holders) {
    report.checked('running_items', items)
    const facts = { runner, items, ended_at }
    if (!known) report.violation('runners', `${count(items)} held by "${runner}", which no row knows`, facts)
    else if (ended_at !== null) {
      // Whoever ends lets go first; recovery gives these back, and yet something has gone wrong.
      report.violation('runners', `${count(items)} held by "${runner}", which has ended`, facts)
    }
  }
  const open = await openRunners(database.db)
  const dead = open.filter(({ id }) => isDead(lockFolder, id)).map(({ id }) => id)
  report.checked('runners', open.length)
  if (dead.length === 0) return
  // One that has ended since its row was read has let go of its lock as well.
  const stillOpen = new Set((await openRunners(database.db)).map(({ id }) => id))
  const held = new Map((await holdersOf(database.db)).map(({ runner, items }) => [runner, items]))
  const rescuer =
    dead.length < open.length ? 'a living runner finds it within seconds' : 'the next start finds it'
  for (const runner of dead) {
    if (!stillOpen.has(runner)) continue
    const items = held.get(runner) ?? 0
    const what = items > 0 ? `${count(items)} held by it: waits for recovery` : 'it held nothing'
    report.notice('runners', `runner "${runner}" died without a word, ${what}; ${rescuer}`, { runner, items })
  }
}

export async function anyAlive({ database, lockFolder }: AuditContext): Promise<boolean> {
  return (await openRunners(database.db)).some(({ id }) => !isDead(lockFolder, id))
}

const count = (items: number): string => (items === 1 ? '1 running item is' : `${items} running items are`)

async function holdersOf(db: Queries) {
  const { rows } = await sql<{ runner: string; items: number; known: 0 | 1; ended_at: number | null }>`
    select i.runner_id as runner, i.n as items, r.id is not null as known, r.ended_at
    from (select runner_id, count(*) as n from job_items where status = 'running' group by runner_id) i
    left join runners r on r.id = i.runner_id where i.runner_id is not null`.execute(db)
  return rows
}
