import type { Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import { idsIn } from '../db/sqlite/rows.ts'
import type { PublishJournalTable } from '../db/tables.ts'

export type JournalRow = Selectable<PublishJournalTable>

/**
 * Writes down what is about to be renamed, before it is.
 * @returns false if another file that is being published has the same path
 */
export async function journalPublish(tx: Tx, row: JournalRow): Promise<boolean> {
  const other = await tx
    .selectFrom('publish_journal')
    .select('job_item_id')
    .where('path_key', '=', row.path_key)
    .where('job_item_id', '<>', row.job_item_id)
    .executeTakeFirst()
  if (other) return false
  await tx
    .insertInto('publish_journal')
    .values(row)
    .onConflict((oc) => oc.column('job_item_id').doUpdateSet(row))
    .execute()
  return true
}

export function journalOfRunner(db: Queries, runnerId: string): Promise<JournalRow[]> {
  return db.selectFrom('publish_journal').selectAll().where('runner_id', '=', runnerId).execute()
}

export async function clearJournal(tx: Tx, itemIds: readonly number[]): Promise<void> {
  if (itemIds.length === 0) return
  await tx.deleteFrom('publish_journal').where('job_item_id', 'in', idsIn(itemIds)).execute()
}
