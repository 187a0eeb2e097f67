import {
  isClosedStage,
  isSettledJob,
  canMoveJob,
  jobStatusAfter,
  stagesNow,
  type EventKind,
  type EventPayloads,
  type ItemStatus,
  type JobStatus,
  type StageStatus,
} from '@catalogsync/contract'
import { sql } from 'kysely'
import type { Database, Tx } from '../db/open.ts'
import { insertEvents, type EventSubject, type NewEvent } from './events.ts'
import { jobRow, setJobStatus } from './jobs.ts'
import {
  addCounts,
  countsOf,
  runningIn,
  setStagePlanned,
  setStageStatus,
  stagesOfJob,
  type CountDelta,
} from './stages.ts'

/**
 * One transaction of the machine. What happens in it is told through it, so that at its end the
 * counters, the stages, the jobs and the events agree with the rows: all in the same commit.
 */
export interface Change {
  readonly tx: Tx
  /** Wall time of the whole change, ms since the epoch. */
  readonly now: number
  emit<K extends EventKind>(kind: K, about: EventSubject, payload: EventPayloads[K]): void
  /** `n` items of a stage moved; from null: they are new. */
  count(stageId: number, from: ItemStatus | null, to: ItemStatus, n?: number): void
  /** The job's stages and status are computed again at the end. */
  touch(jobId: number): void
}

/** Runs `work` as one write transaction and settles its consequences before the commit. */
export function change<T>(database: Database, now: number, work: (c: Change) => Promise<T>): Promise<T> {
  return database.write(async (tx) => {
    const events: NewEvent[] = []
    const deltas = new Map<number, CountDelta>()
    const jobs = new Set<number>()
    const c: Change = {
      tx,
      now,
      emit: (kind, about, payload) => events.push({ kind, about, payload }),
      count: (stageId, from, to, n = 1) => {
        const delta = deltas.get(stageId) ?? {}
        if (from) delta[from] = (delta[from] ?? 0) - n
        delta[to] = (delta[to] ?? 0) + n
        deltas.set(stageId, delta)
      },
      touch: (jobId) => jobs.add(jobId),
    }
    const result = await work(c)
    for (const jobId of await addCounts(tx, deltas)) jobs.add(jobId)
    for (const jobId of jobs) await advanceJob(c, jobId)
    await insertEvents(tx, now, events)
    return result
  })
}

/** Work within a change that leaves no trace in it if it throws. A database error is one of the whole change. */
export async function undoable<T>(c: Change, work: (c: Change) => Promise<T>): Promise<T> {
  const told: (() => void)[] = []
  const part: Change = {
    tx: c.tx,
    now: c.now,
    emit: (kind, about, payload) => told.push(() => c.emit(kind, about, payload)),
    count: (stageId, from, to, n) => told.push(() => c.count(stageId, from, to, n)),
    touch: (jobId) => told.push(() => c.touch(jobId)),
  }
  await sql`savepoint part`.execute(c.tx)
  let result: T
  try {
    result = await work(part)
  } catch (error) {
    if (!isDatabaseError(error)) {
      await sql`rollback to part`.execute(c.tx)
      await sql`release part`.execute(c.tx)
    }
    throw error
  }
  await sql`release part`.execute(c.tx)
  for (const tell of told) tell()
  return result
}

export function isDatabaseError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && code.startsWith('SQLITE_')
}

/** Moves a job by a rule or a person's wish. @returns false if it is not in a state that allows it. */
export async function moveJob(c: Change, jobId: number, to: JobStatus, reason?: string): Promise<boolean> {
  const job = await jobRow(c.tx, jobId)
  if (!job || !canMoveJob(job.status, to)) return false
  await setJobStatus(c.tx, job, to, c.now, reason ?? null)
  c.emit('job_status', { job: jobId }, { from: job.status, to, ...(reason === undefined ? {} : { reason }) })
  c.touch(jobId)
  return true
}

/** Writes what the pure functions of the contract say about a job's stages and its end. */
async function advanceJob(c: Change, jobId: number): Promise<void> {
  const job = await jobRow(c.tx, jobId)
  if (!job) return
  const stages = await stagesOfJob(c.tx, jobId)
  const running = runningIn(stages)
  let status = job.status
  let statuses = await writeStages(c, status, stages)
  const after = jobStatusAfter(status, statuses, running)
  if (after) {
    await moveJob(c, jobId, after)
    status = after
    statuses = await writeStages(c, status, stages)
  }
  if (
    isSettledJob(status) &&
    status !== 'canceled' &&
    status !== 'failed' &&
    !statuses.every(isClosedStage)
  ) {
    await moveJob(c, jobId, 'queued')
    await writeStages(c, 'queued', stages)
  }
}

type StageRow = Awaited<ReturnType<typeof stagesOfJob>>[number]

async function writeStages(c: Change, job: JobStatus, stages: StageRow[]): Promise<StageStatus[]> {
  const facts = stages.map((stage) => ({ planned: stage.planned_at !== null, counts: countsOf(stage) }))
  const now = stagesNow(job, facts)
  for (const [i, stage] of stages.entries()) {
    const { planned, status: to } = now[i] ?? { planned: false, status: stage.status }
    if (planned && stage.planned_at === null) {
      await setStagePlanned(c.tx, stage.id, c.now)
      stage.planned_at = c.now
    }
    if (to === stage.status) continue
    await setStageStatus(c.tx, stage.id, to, c.now)
    c.emit(
      'stage_status',
      { job: stage.job_run_id, stage: stage.id },
      {
        stageType: stage.stage_type,
        from: stage.status,
        to,
        counts: countsOf(stage),
      },
    )
    stage.status = to
  }
  return now.map(({ status }) => status)
}
