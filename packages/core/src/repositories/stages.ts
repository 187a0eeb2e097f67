import {
  isClosedStage,
  itemStatuses,
  type ItemCounts,
  type ItemStatus,
  type StageStatus,
  type StageType,
  type StageView,
} from '@catalogsync/contract'
import { sql, type Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import type { JobStagesTable } from '../db/tables.ts'

export type StageRow = Selectable<JobStagesTable>
export type CountDelta = Partial<Record<ItemStatus, number>>

export async function insertStages(tx: Tx, jobId: number, types: readonly StageType[]): Promise<void> {
  await tx
    .insertInto('job_stages')
    .values(types.map((stage_type, seq_no) => ({ job_run_id: jobId, stage_type, seq_no })))
    .execute()
}

export function stagesOfJob(db: Queries, jobId: number): Promise<StageRow[]> {
  return db.selectFrom('job_stages').selectAll().where('job_run_id', '=', jobId).orderBy('seq_no').execute()
}

export function countsOf(row: StageRow): ItemCounts {
  return {
    pending: row.n_pending,
    running: row.n_running,
    succeeded: row.n_succeeded,
    skipped: row.n_skipped,
    failed: row.n_failed,
    canceled: row.n_canceled,
    interrupted: row.n_interrupted,
    held: row.n_held,
  }
}

export function runningIn(stages: readonly StageRow[]): number {
  return stages.reduce((sum, stage) => sum + stage.n_running, 0)
}

/** Adds to the counters; returns the jobs of the stages. */
export async function addCounts(tx: Tx, deltas: ReadonlyMap<number, CountDelta>): Promise<number[]> {
  const jobs: number[] = []
  for (const [stageId, delta] of deltas) {
    const row = await tx
      .updateTable('job_stages')
      .set(
        Object.fromEntries(
          itemStatuses.map((status) => [
            `n_${status}`,
            sql`${sql.ref(`n_${status}`)} + ${delta[status] ?? 0}`,
          ]),
        ),
      )
      .where('id', '=', stageId)
      .returning('job_run_id')
      .executeTakeFirstOrThrow()
    jobs.push(row.job_run_id)
  }
  return jobs
}

export async function setStagePlanned(tx: Tx, stageId: number, now: number): Promise<void> {
  await tx.updateTable('job_stages').set({ planned_at: now }).where('id', '=', stageId).execute()
}

export async function setPlanCursor(tx: Tx, stageId: number, cursor: string): Promise<void> {
  await tx.updateTable('job_stages').set({ plan_cursor: cursor }).where('id', '=', stageId).execute()
}

export async function setStageStatus(tx: Tx, stageId: number, to: StageStatus, now: number): Promise<void> {
  await tx
    .updateTable('job_stages')
    .set((eb) => ({
      status: to,
      started_at: to === 'running' ? eb.fn.coalesce('started_at', eb.val(now)) : eb.ref('started_at'),
      ended_at: isClosedStage(to) ? now : null,
    }))
    .where('id', '=', stageId)
    .execute()
}

export function stageView(row: StageRow): StageView {
  return {
    id: row.id,
    stageType: row.stage_type,
    seqNo: row.seq_no,
    status: row.status,
    counts: countsOf(row),
    planned: row.planned_at !== null,
    startedAt: row.started_at,
    endedAt: row.ended_at,
  }
}
