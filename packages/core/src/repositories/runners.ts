import type { WorkerView } from '@catalogsync/contract'
import type { Queries, Tx } from '../db/open.ts'
import type { RunnersTable } from '../db/tables.ts'
import { sql, type Selectable } from 'kysely'

export type RunnerRow = Selectable<RunnersTable>

export interface NewRunner {
  id: string
  host: string
  pid: number
  version: string
}

export async function insertRunner(tx: Tx, runner: NewRunner, now: number): Promise<void> {
  await tx
    .insertInto('runners')
    .values({ ...runner, started_at: now, ended_at: null })
    .execute()
}

/** Runners that have not said goodbye: alive, or dead without a word. */
export function openRunners(db: Queries): Promise<RunnerRow[]> {
  return db.selectFrom('runners').selectAll().where('ended_at', 'is', null).execute()
}

/** Has it said goodbye, or been taken for dead, or is it unknown? */
export async function hasEnded(db: Queries, id: string): Promise<boolean> {
  const row = await db.selectFrom('runners').select('ended_at').where('id', '=', id).executeTakeFirst()
  return row?.ended_at !== null
}

/** Ids of runners that have ended, or that no row knows, and still hold items. */
export async function endedHolders(db: Queries): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct i.runner_id as id from job_items i
    where i.status = 'running' and not exists (
      select 1 from runners r where r.id = i.runner_id and r.ended_at is null)`.execute(db)
  return rows.map(({ id }) => id)
}

/** @returns false if it had ended already */
export async function endRunner(tx: Tx, id: string, now: number): Promise<boolean> {
  await tx.deleteFrom('job_workers').where('runner_id', '=', id).execute()
  const row = await tx
    .updateTable('runners')
    .set({ ended_at: now })
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** What each worker slot of a runner does now. Progress is not a promise: it is written once a second at most. */
export interface WorkerState {
  name: string
  stage_type: WorkerView['stageType']
  current_item_id: number | null
  current_job_id: number | null
  current_song_id: number | null
  current_playlist_id: number | null
  current_display_text: string | null
  bytes_done: number | null
  bytes_total: number | null
  since: number | null
}

export async function writeWorkers(tx: Tx, runnerId: string, workers: readonly WorkerState[]): Promise<void> {
  if (workers.length === 0) return
  await tx
    .insertInto('job_workers')
    .values(workers.map((worker) => ({ runner_id: runnerId, ...worker })))
    .onConflict((oc) =>
      oc.columns(['runner_id', 'name']).doUpdateSet((eb) => ({
        current_item_id: eb.ref('excluded.current_item_id'),
        current_job_id: eb.ref('excluded.current_job_id'),
        current_song_id: eb.ref('excluded.current_song_id'),
        current_playlist_id: eb.ref('excluded.current_playlist_id'),
        current_display_text: eb.ref('excluded.current_display_text'),
        bytes_done: eb.ref('excluded.bytes_done'),
        bytes_total: eb.ref('excluded.bytes_total'),
        since: eb.ref('excluded.since'),
      })),
    )
    .execute()
  await tx
    .updateTable('runners')
    .set({ beat: sql`beat + 1` })
    .where('id', '=', runnerId)
    .execute()
}

export async function listWorkers(db: Queries): Promise<WorkerView[]> {
  const rows = await db.selectFrom('job_workers').selectAll().orderBy('runner_id').orderBy('name').execute()
  return rows.map((row) => ({
    runnerId: row.runner_id,
    name: row.name,
    stageType: row.stage_type,
    itemId: row.current_item_id,
    jobRunId: row.current_job_id,
    text: row.current_display_text,
    bytesDone: row.bytes_done,
    bytesTotal: row.bytes_total,
    since: row.since,
  }))
}
