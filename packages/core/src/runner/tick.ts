import { AppError, type StageType } from '@catalogsync/contract'
import { applyCommands } from '../commands/apply.ts'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import { change, moveJob, type Change } from '../repositories/change.ts'
import { closedGates, type GateRow } from '../repositories/gates.ts'
import type { ClaimedItem } from '../repositories/items.ts'
import { jobRow, openJobs, type Job } from '../repositories/jobs.ts'
import { knownPlaces } from '../repositories/playlists.ts'
import { hasEnded, writeWorkers, type WorkerState } from '../repositories/runners.ts'
import { claim } from './claim.ts'
import { failUnfit, planJobs } from './plan.ts'
import type { Prepared } from './prepare.ts'
import { journalStaged, noName, type Journaled, type Staged } from './publish.ts'
import { settle, type Aftermath } from './settle.ts'

/** What a runner brings to one transaction. */
export interface TickInput {
  runnerId: string
  lease: string
  settings: Settings
  prepared: readonly Prepared[]
  staged: readonly Staged[]
  /** How many more items of each stage it takes. */
  room: Record<StageType, number>
  workers: readonly WorkerState[] | null
}

/** What it takes away. */
export interface TickResult {
  jobs: Map<number, Job>
  claimed: ClaimedItem[]
  journaled: Journaled[]
  /** Files for which no name was free: their outcomes, to be settled next. */
  nameless: Prepared[]
  aftermath: Aftermath
  gates: GateRow[]
  /** There is more to plan. */
  more: boolean
  dueAt: number | null
}

/**
 * Natural group commit: whatever is ready is done in one transaction. Wishes first, then what has ended,
 * then what comes next.
 * @throws AppError `runner_ousted`, with nothing done
 */
export function tick(database: Database, now: number, input: TickInput): Promise<TickResult> {
  return change(database, now, async (c) => {
    if (await hasEnded(c.tx, input.runnerId)) {
      throw new AppError('runner_ousted', { runnerId: input.runnerId })
    }
    const canceledJobs = await canceledOf(c, await applyCommands(c))
    const gates = await closedGates(c.tx)
    const { settings, runnerId } = input
    const retry = {
      attempts: settings.retryAttempts,
      baseMs: settings.retryBaseMs,
      maxMs: settings.retryMaxMs,
    }
    const before = byId(await openJobs(c.tx))
    const aftermath = await settle(c, input.prepared, {
      runnerId,
      jobs: before,
      gates,
      retry,
      random: Math.random,
    })
    const journaled = await journalStaged(c.tx, input.staged, runnerId)
    const named = new Set(journaled.map(({ finished }) => finished.item.id))
    const jobs = await openJobs(c.tx)
    await startQueued(c, jobs)
    const more = await planJobs(c, jobs)
    await failUnfit(c, jobs)
    const places = await knownPlaces(c.tx)
    const fresh = input.prepared.length > 0 ? await closedGates(c.tx) : gates
    const { items, dueAt } = await claim(c, {
      jobs: jobs.filter((job) => job.problem === null),
      gates: fresh,
      places,
      room: input.room,
      runnerId,
      lease: input.lease,
    })
    if (input.workers) await writeWorkers(c.tx, runnerId, input.workers)
    return {
      jobs: byId(jobs),
      claimed: items,
      journaled,
      nameless: input.staged.filter(({ finished }) => !named.has(finished.item.id)).map(noName),
      aftermath: { ...aftermath, canceledJobs },
      gates: fresh,
      more,
      dueAt,
    }
  })
}

async function canceledOf(c: Change, jobIds: readonly number[]): Promise<number[]> {
  const canceled: number[] = []
  for (const jobId of new Set(jobIds)) {
    const status = (await jobRow(c.tx, jobId))?.status
    if (status === 'canceled' || status === 'cancel_requested') canceled.push(jobId)
  }
  return canceled
}

async function startQueued(c: Change, jobs: Job[]): Promise<void> {
  for (const job of jobs) {
    if (job.status !== 'queued' || job.problem !== null) continue
    if (await moveJob(c, job.id, 'running')) job.status = 'running'
  }
}

const byId = (jobs: readonly Job[]): Map<number, Job> => new Map(jobs.map((job) => [job.id, job]))
