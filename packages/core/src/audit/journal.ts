import { pathKey } from '../library/file-names.ts'
import type { AuditContext, Check } from './check.ts'
import { isDead } from '../runner/lock.ts'

/** What is journalled is being published by an item that runs, by whom it runs, under its lease. */
export const journal: Check = async (ctx) => {
  const { report, lockFolder } = ctx
  const rows = await journalRows(ctx)
  report.checked('publishing', rows.length)
  for (const row of rows) {
    const { item, path, runner } = row
    const facts = { item, path, runner }
    if (row.status !== 'running' || row.item_lease !== row.lease || row.item_runner !== runner) {
      const what =
        row.status === 'running' ? 'is held by somebody else' : `is ${row.status ?? 'no longer there'}`
      report.violation('journal', `"${path}" is journalled for item ${item}, which ${what}`, facts)
    }
    if (row.path_key !== pathKey(path)) {
      report.violation('paths', `"${path}" is journalled under another key than it has`, facts)
    }
  }
  const dead = new Set([...new Set(rows.map((row) => row.runner))].filter((id) => isDead(lockFolder, id)))
  if (dead.size === 0) return
  // Between the first look and the lock, a runner may have settled all and said goodbye.
  for (const { item, path, runner } of await journalRows(ctx)) {
    if (!dead.has(runner)) continue
    const message = `"${path}" was being published when runner "${runner}" died: waits for recovery`
    report.notice('journal', message, { item, path, runner })
  }
}

function journalRows({ database }: AuditContext) {
  return database.db
    .selectFrom('publish_journal as journal')
    .leftJoin('job_items as item', 'item.id', 'journal.job_item_id')
    .select([
      'journal.job_item_id as item',
      'journal.final_path as path',
      'journal.path_key',
      'journal.runner_id as runner',
      'journal.lease_token as lease',
      'item.status',
      'item.lease_token as item_lease',
      'item.runner_id as item_runner',
    ])
    .orderBy('journal.job_item_id')
    .limit(10_000)
    .execute()
}
