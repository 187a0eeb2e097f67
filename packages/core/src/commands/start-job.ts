import {
  AppError,
  stagesOf,
  startJobInput,
  type JobPreview,
  type JobType,
  type StartJob,
  type StartJobInput,
} from '@catalogsync/contract'
import type { ConfigSnapshot, Settings } from '../config/settings.ts'
import type { Database, Queries } from '../db/open.ts'
import { change } from '../repositories/change.ts'
import { insertJob, jobIdOfKey } from '../repositories/jobs.ts'
import { ensurePlaces } from '../repositories/playlists.ts'
import { previewJob } from '../repositories/preview.ts'
import { unknownIds } from '../repositories/scope.ts'
import { insertStages } from '../repositories/stages.ts'
import { parseInput } from './input.ts'

export interface StartContext {
  settings: Settings
  snapshot: ConfigSnapshot
  /** Who asked, for the record; null: nobody in particular. */
  by: string | null
  now: number
}

/**
 * Writes a new job down, `queued`. The same idempotency key again gives the id of the first job.
 * @throws AppError `invalid_input`, `unknown_source`, `unknown_backend`, `nothing_configured`,
 *   `playlist_not_found`, `song_not_found`
 */
export async function startJob(database: Database, input: StartJobInput, ctx: StartContext): Promise<number> {
  const job = parseInput('the job', startJobInput, input)
  const { settings } = ctx
  const { sources, downloadSources, backends } = placesOf(job, settings)
  return change(database, ctx.now, async (c) => {
    const known = job.idempotencyKey === undefined ? null : await jobIdOfKey(c.tx, job.idempotencyKey)
    if (known !== null) return known
    await refuseUnknown(c.tx, job.scope)
    await ensurePlaces(c.tx, settings.sources, settings.backends)
    const id = await insertJob(
      c.tx,
      {
        jobType: job.jobType,
        sources,
        downloadSources,
        backends,
        scope: job.scope,
        priority: job.priority,
        snapshot: ctx.snapshot,
        requestedBy: ctx.by,
        idempotencyKey: job.idempotencyKey ?? null,
      },
      ctx.now,
    )
    await insertStages(c.tx, id, stagesOf[job.jobType])
    c.emit('job_created', { job: id }, { jobType: job.jobType, by: ctx.by })
    return id
  })
}

/** What a job would find to do, by what is known now. @throws as `startJob` */
export async function preview(
  database: Database,
  input: StartJobInput,
  settings: Settings,
): Promise<JobPreview> {
  const job = parseInput('the job', startJobInput, input)
  const { sources, backends } = placesOf(job, settings)
  await refuseUnknown(database.db, job.scope)
  return previewJob(database.db, { jobType: job.jobType, sources, backends, scope: job.scope })
}

/** A scope that names nothing known would end well and have done nothing. */
async function refuseUnknown(db: Queries, scope: StartJob['scope']): Promise<void> {
  const [playlist] = await unknownIds(db, 'playlists', scope.playlists)
  if (playlist !== undefined) throw new AppError('playlist_not_found', { id: playlist })
  const [song] = await unknownIds(db, 'songs', scope.songs)
  if (song !== undefined) throw new AppError('song_not_found', { id: song })
}

/** The sources and backends that a job is about: those that it names, or all. */
function placesOf(job: StartJob, settings: Settings) {
  const sources = chosen(job.sources, settings.sources, 'unknown_source')
  const downloadSources = chosen(
    job.downloadSources,
    settings.sources,
    'unknown_source',
    settings.downloadSources,
  )
  const backends = chosen(job.backends, settings.backends, 'unknown_backend')
  refuseEmpty(job.jobType, sources, backends, settings.envFile)
  return { sources, downloadSources, backends }
}

function chosen(
  ids: string[],
  configured: readonly { id: string }[],
  code: 'unknown_source' | 'unknown_backend',
  byDefault: string[] = configured.map((place) => place.id),
): string[] {
  const known = configured.map((place) => place.id)
  for (const id of ids) if (!known.includes(id)) throw new AppError(code, { id, known })
  return ids.length > 0 ? [...new Set(ids)] : byDefault
}

/** A `full` job without a backend is a library without a copy: allowed, its upload stage is skipped. */
function refuseEmpty(jobType: JobType, sources: string[], backends: string[], envFile: string): void {
  if (jobType === 'upload_only') {
    if (backends.length === 0) throw new AppError('nothing_configured', { what: 'backend', envFile })
  } else if (sources.length === 0) {
    throw new AppError('nothing_configured', { what: 'source', envFile })
  }
}
