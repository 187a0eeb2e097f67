import type { AttemptView, ItemDetail, SongAttemptView } from '@catalogsync/contract'
import { AppError } from '@catalogsync/contract'
import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import type { JobItemAttemptsTable } from '../db/tables.ts'
import { itemRow, itemView } from './items.ts'

/** An item with its last 200 attempts, oldest first. @throws AppError `item_not_found` */
export async function getItem(db: Queries, id: number): Promise<ItemDetail> {
  const item = await itemRow(db, id)
  if (!item) throw new AppError('item_not_found', { id })
  const rows = await db
    .selectFrom('job_item_attempts')
    .selectAll()
    .where('job_item_id', '=', id)
    .orderBy('id', 'desc')
    .limit(200)
    .execute()
  return { ...itemView(item), attemptList: rows.reverse().map(attemptView) }
}

/**
 * What the last 100 jobs did about a song: downloads, and uploads of the file that it has now. The keys of the items
 * are known, so that each job costs one look into an index.
 */
export async function attemptsOfSong(
  db: Queries,
  songId: number,
  fileId: number | null,
): Promise<SongAttemptView[]> {
  const backends = await db.selectFrom('storage_backends').select('id').execute()
  const keys = [
    `song:${songId}`,
    ...(fileId === null ? [] : backends.map(({ id }) => `file:${fileId}@${id}`)),
  ]
  const rows = await db
    .selectFrom('job_items as item')
    .innerJoin('job_item_attempts as attempt', 'attempt.job_item_id', 'item.id')
    .selectAll('attempt')
    .select(['item.job_run_id', 'item.stage_type'])
    .where(
      'item.job_stage_id',
      'in',
      db
        .selectFrom('job_stages')
        .select('id')
        .where('stage_type', 'in', ['download', 'upload'])
        .orderBy('id', 'desc')
        .limit(200),
    )
    .where('item.item_key', 'in', sql<string>`(select value from json_each(${JSON.stringify(keys)}))`)
    .orderBy('attempt.id', 'desc')
    .limit(50)
    .execute()
  return rows.map((row) => {
    const { runnerId: _, ...attempt } = attemptView(row)
    return { jobRunId: row.job_run_id, itemId: row.job_item_id, stageType: row.stage_type, ...attempt }
  })
}

type AttemptColumns = Pick<
  JobItemAttemptsTable,
  'attempt_no' | 'runner_id' | 'worker' | 'started_at' | 'ended_at' | 'outcome' | 'failure_class' | 'reason'
>

function attemptView(row: AttemptColumns): AttemptView {
  return {
    attempt: row.attempt_no,
    runnerId: row.runner_id,
    worker: row.worker,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    class: row.failure_class,
    reason: row.reason,
  }
}
