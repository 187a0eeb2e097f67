import {
  AppError,
  isSettledJob,
  type JobScope,
  type JobStatus,
  type JobType,
  type JobView,
  type Page,
} from '@catalogsync/contract'
import { sql, type Selectable } from 'kysely'
import type { ConfigSnapshot } from '../config/settings.ts'
import type { Queries, Tx } from '../db/open.ts'
import { idsIn, literals } from '../db/sqlite/rows.ts'
import type { JobRunsTable } from '../db/tables.ts'
import { stageView } from './stages.ts'

export type JobRow = Selectable<JobRunsTable>

/** A job as the runner needs it: lists parsed. */
export interface Job {
  id: number
  jobType: JobType
  status: JobStatus
  stopNow: boolean
  sources: string[]
  downloadSources: string[]
  backends: string[]
  scope: JobScope
  /** Why it cannot be worked on; its lists are then empty if they could not be read. */
  problem: string | null
}

export interface NewJob {
  jobType: JobType
  sources: string[]
  downloadSources: string[]
  backends: string[]
  scope: JobScope
  priority: number
  snapshot: ConfigSnapshot
  requestedBy: string | null
  idempotencyKey: string | null
}

export async function insertJob(tx: Tx, job: NewJob, now: number): Promise<number> {
  const row = await tx
    .insertInto('job_runs')
    .values({
      job_type: job.jobType,
      priority: job.priority,
      sources: JSON.stringify(job.sources),
      download_sources: JSON.stringify(job.downloadSources),
      backends: JSON.stringify(job.backends),
      playlist_scope_json: JSON.stringify(job.scope),
      config_snapshot_json: JSON.stringify(job.snapshot),
      requested_by: job.requestedBy,
      idempotency_key: job.idempotencyKey,
      created_at: now,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function jobIdOfKey(db: Queries, idempotencyKey: string): Promise<number | null> {
  const row = await db
    .selectFrom('job_runs')
    .select('id')
    .where('idempotency_key', '=', idempotencyKey)
    .executeTakeFirst()
  return row?.id ?? null
}

export function jobRow(db: Queries, id: number): Promise<JobRow | undefined> {
  return db.selectFrom('job_runs').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Names the state it expects: the row that was read in the same transaction. */
export async function setJobStatus(
  tx: Tx,
  job: JobRow,
  to: JobStatus,
  now: number,
  reason: string | null,
): Promise<void> {
  await tx
    .updateTable('job_runs')
    .set({
      status: to,
      reason,
      ended_at: isSettledJob(to) ? now : null,
      started_at: to === 'running' ? (job.started_at ?? now) : job.started_at,
      stop_now: to === 'running' || to === 'queued' || isSettledJob(to) ? 0 : job.stop_now,
    })
    .where('id', '=', job.id)
    .where('status', '=', job.status)
    .execute()
}

export async function setStopNow(tx: Tx, id: number): Promise<void> {
  await tx.updateTable('job_runs').set({ stop_now: 1 }).where('id', '=', id).execute()
}

const openStatuses: JobStatus[] = ['queued', 'running', 'pause_requested', 'paused', 'cancel_requested']

/** Every job that is not at its end, in the order in which they get workers. */
export async function openJobs(db: Queries): Promise<Job[]> {
  const rows = await db
    .selectFrom('job_runs')
    .selectAll()
    .where('status', 'in', literals(openStatuses))
    .orderBy('priority', 'desc')
    .orderBy('id')
    .execute()
  return rows.map(jobOf)
}

/** Never throws: one row that cannot be read must not stop the others, and must be seen all the same. */
export function jobOf(row: JobRow): Job {
  const { id, job_type: jobType, status } = row
  return { id, jobType, status, stopNow: row.stop_now === 1, ...listsOf(row) }
}

function listsOf(row: JobRow): Pick<Job, 'sources' | 'downloadSources' | 'backends' | 'scope' | 'problem'> {
  try {
    const sources = JSON.parse(row.sources) as string[] // written by insertJob
    const downloadSources = JSON.parse(row.download_sources) as string[] // written by insertJob
    const backends = JSON.parse(row.backends) as string[] // written by insertJob
    const scope = JSON.parse(row.playlist_scope_json) as JobScope // written by insertJob
    const lists = [sources, downloadSources, backends, scope.playlists, scope.songs]
    if (!lists.every((list) => Array.isArray(list))) throw new Error('a list is missing')
    return { sources, downloadSources, backends, scope, problem: null }
  } catch (error) {
    const scope: JobScope = { mode: 'missing', playlists: [], songs: [] }
    const problem = `the job's lists or scope cannot be read: ${error instanceof Error ? error.message : String(error)}`
    return { sources: [], downloadSources: [], backends: [], scope, problem }
  }
}

/** Looks at the items: the counters follow only at the end of a change. */
export async function hasRunningItems(db: Queries, id: number): Promise<boolean> {
  const row = await db
    .selectFrom('job_items')
    .select('id')
    .where('job_run_id', '=', id)
    .where('status', '=', sql.lit('running'))
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** @throws AppError `job_not_found` */
export async function getJob(db: Queries, id: number): Promise<JobView> {
  const [view] = await views(db, await db.selectFrom('job_runs').selectAll().where('id', '=', id).execute())
  if (!view) throw new AppError('job_not_found', { id })
  return view
}

/** Newest first. `before`: the `next` of the page before. */
export async function listJobs(
  db: Queries,
  options: {
    before?: number | null | undefined
    limit?: number | undefined
    status?: JobStatus | undefined
  } = {},
): Promise<Page<JobView>> {
  const limit = options.limit ?? 50
  let query = db.selectFrom('job_runs').selectAll().orderBy('id', 'desc').limit(limit)
  if (options.before != null) query = query.where('id', '<', options.before)
  if (options.status) query = query.where('status', '=', options.status)
  const rows = await query.execute()
  return { rows: await views(db, rows), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
}

/** Jobs that are not at their end, the newest first. */
export async function openJobViews(db: Queries, limit: number): Promise<JobView[]> {
  const rows = await db
    .selectFrom('job_runs')
    .selectAll()
    .where('status', 'in', literals(openStatuses))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return views(db, rows)
}

async function views(db: Queries, rows: JobRow[]): Promise<JobView[]> {
  const ids = rows.map((row) => row.id)
  const stages = await db
    .selectFrom('job_stages')
    .selectAll()
    .where('job_run_id', 'in', idsIn(ids))
    .orderBy('seq_no')
    .execute()
  const commands = await db
    .selectFrom('job_commands')
    .select(['job_run_id', 'command_type'])
    .where('status', 'in', literals(['pending', 'applying']))
    .where('job_run_id', 'in', idsIn(ids))
    .orderBy('id')
    .execute()
  return rows.map((row) => {
    const { id, jobType, status, sources, downloadSources, backends, scope } = jobOf(row)
    return {
      id,
      jobType,
      status,
      reason: row.reason,
      priority: row.priority,
      sources,
      downloadSources,
      backends,
      scope,
      requestedBy: row.requested_by,
      createdAt: row.created_at,
      startedAt: row.started_at,
      endedAt: row.ended_at,
      stages: stages.filter((stage) => stage.job_run_id === id).map(stageView),
      pendingCommands: commands.filter((c) => c.job_run_id === id).map((c) => c.command_type),
    }
  })
}
