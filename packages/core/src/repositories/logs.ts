import type { LogLevel, LogLineView, Page } from '@catalogsync/contract'
import type { Queries, Tx } from '../db/open.ts'

export interface NewLogLine {
  at: number
  level: LogLevel
  jobId: number
  itemId: number
  attempt: number
  message: string
}

export async function insertLogs(tx: Tx, lines: readonly NewLogLine[]): Promise<void> {
  const perInsert = 500
  for (let i = 0; i < lines.length; i += perInsert) {
    await tx
      .insertInto('job_logs')
      .values(
        lines.slice(i, i + perInsert).map((line) => ({
          at: line.at,
          level: line.level,
          job_run_id: line.jobId,
          job_item_id: line.itemId,
          attempt_no: line.attempt,
          message: line.message,
        })),
      )
      .execute()
  }
}

/** Log lines of a job, oldest first. */
export async function listLogs(
  db: Queries,
  filter: { jobId?: number; itemId?: number; after?: number | null; limit?: number },
): Promise<Page<LogLineView>> {
  const limit = filter.limit ?? 200
  let query = db.selectFrom('job_logs').selectAll().orderBy('id').limit(limit)
  if (filter.jobId !== undefined) query = query.where('job_run_id', '=', filter.jobId)
  if (filter.itemId !== undefined) query = query.where('job_item_id', '=', filter.itemId)
  if (filter.after != null) query = query.where('id', '>', filter.after)
  const rows = await query.execute()
  return {
    rows: rows.map((row) => ({
      id: row.id,
      at: row.at,
      level: row.level,
      jobRunId: row.job_run_id,
      itemId: row.job_item_id,
      attempt: row.attempt_no,
      message: row.message,
    })),
    next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null,
  }
}
