import {
  logLevels,
  type CatalogEvent,
  type ListEvents,
  type ListLogs,
  type LogLineView,
  type Page,
} from '@catalogsync/contract'
import type { Queries } from '../db/open.ts'
import { literals } from '../db/sqlite/rows.ts'
import { eventsAfter, eventsBefore } from './events.ts'
import { pageOf } from './pages.ts'

/** Log lines, the latest first. */
export async function latestLogs(db: Queries, filter: ListLogs): Promise<Page<LogLineView>> {
  const limit = filter.limit ?? 200
  let query = db.selectFrom('job_logs').selectAll().orderBy('id', 'desc').limit(limit)
  if (filter.jobId !== undefined) query = query.where('job_run_id', '=', filter.jobId)
  if (filter.itemId !== undefined) query = query.where('job_item_id', '=', filter.itemId)
  if (filter.level !== undefined) {
    query = query.where('level', 'in', literals(logLevels.slice(logLevels.indexOf(filter.level))))
  }
  if (filter.before != null) query = query.where('id', '<', filter.before)
  const rows = await query.execute()
  const views = rows.map((row) => ({
    id: row.id,
    at: row.at,
    level: row.level,
    jobRunId: row.job_run_id,
    itemId: row.job_item_id,
    attempt: row.attempt_no,
    message: row.message,
  }))
  return pageOf(views, limit, (row) => row.id)
}

/** Events behind a cursor, oldest first; or, if so asked, those before it, newest first. */
export async function listEvents(db: Queries, filter: ListEvents): Promise<Page<CatalogEvent>> {
  const limit = filter.limit ?? 200
  const rows =
    filter.order === 'newest'
      ? await eventsBefore(db, filter.before ?? null, limit, filter.jobId)
      : await eventsAfter(db, filter.after ?? 0, limit, filter.jobId)
  return pageOf(rows, limit, (row) => row.id)
}

/** The oldest event that is still there; null: there is none. */
export async function oldestEventId(db: Queries): Promise<number | null> {
  const row = await db.selectFrom('job_events').select('id').orderBy('id').limit(1).executeTakeFirst()
  return row?.id ?? null
}
