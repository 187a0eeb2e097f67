import type { StageType } from '@catalogsync/contract'
import { isDatabaseError, moveJob, undoable, type Change } from '../repositories/change.ts'
import { hasRunningItems, type Job } from '../repositories/jobs.ts'
import {
  planFilesPage,
  planPlaylistsPage,
  planSongsPage,
  planSources,
  type Planned,
  type StageRef,
} from '../repositories/planning.ts'
import { setPlanCursor, setStagePlanned, stagesOfJob } from '../repositories/stages.ts'

/** Keys a page: small enough that the writer is never held long. */
const pageSize = 1_000

type Planner = (
  c: Change,
  stage: StageRef,
  job: Job,
  after: number,
) => Promise<Planned & { next: number | null }>

const planners = {
  collect: async (c, stage, job) => ({ ...(await planSources(c, stage, job.sources)), next: null }),
  sync: (c, stage, job, after) => planPlaylistsPage(c, stage, job, after, pageSize),
  download: (c, stage, job, after) => planSongsPage(c, stage, job, after, pageSize),
  upload: (c, stage, job, after) => planFilesPage(c, stage, job, after, pageSize),
} satisfies Record<StageType, Planner>

/**
 * Plans one page of the first job that has more to plan. A job that cannot be planned gets its `problem`,
 * and the others go on. @returns true while there is more
 */
export async function planJobs(c: Change, jobs: readonly Job[]): Promise<boolean> {
  for (const job of jobs) {
    if (job.status !== 'running' || job.problem !== null) continue
    try {
      if (await undoable(c, (part) => planPage(part, job))) return true
    } catch (error) {
      if (isDatabaseError(error)) throw error
      job.problem = `planning failed: ${error instanceof Error ? error.message : String(error)}`
    }
  }
  return false
}

/** Ends the jobs that have a problem as soon as nothing of theirs runs. */
export async function failUnfit(c: Change, jobs: readonly Job[]): Promise<void> {
  for (const job of jobs) {
    if (job.problem === null || (await hasRunningItems(c.tx, job.id))) continue
    if (await moveJob(c, job.id, 'failed', job.problem)) job.status = 'failed'
  }
}

/**
 * Plans one page of a job's first stage; the stages behind it are fed as it settles.
 * The cursor is written with the page, so a crash repeats it harmlessly.
 * @returns true while there is more to plan
 */
export async function planPage(c: Change, job: Job): Promise<boolean> {
  const [stage] = await stagesOfJob(c.tx, job.id)
  if (!stage || stage.planned_at !== null) return false
  const ref = { id: stage.id, jobId: job.id, stageType: stage.stage_type }
  const { next } = await planners[stage.stage_type](c, ref, job, Number(stage.plan_cursor ?? 0))
  if (next === null) await setStagePlanned(c.tx, stage.id, c.now)
  else await setPlanCursor(c.tx, stage.id, String(next))
  c.touch(job.id)
  return next !== null
}
