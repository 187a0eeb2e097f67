import type { GateView, ItemView, JobView, WorkerView } from '@catalogsync/contract'
import { closedGates, gateView, getJob, listItems, listWorkers, type Database } from '@catalogsync/core'
import { liveRunners } from '@catalogsync/runner'

/** A job as it is now, with what holds it up. */
export interface Progress {
  job: JobView
  gates: GateView[]
  /** The workers that are on it. */
  workers: WorkerView[]
  /** Is there a runner alive that could work on it? */
  runnerAlive: boolean
}

/** @throws AppError `job_not_found` */
export async function readProgress(database: Database, jobId: number): Promise<Progress> {
  const job = await getJob(database.db, jobId)
  const gates = (await closedGates(database.db)).map(gateView)
  const workers = (await listWorkers(database.db)).filter((worker) => worker.jobRunId === jobId)
  return { job, gates, workers, runnerAlive: (await liveRunners(database)).length > 0 }
}

/** How many failed items a person is shown by name. */
export const namedFailures = 10

/** The first failed items of a job. */
export async function failuresOf(database: Database, job: JobView): Promise<ItemView[]> {
  if (job.stages.every((stage) => stage.counts.failed === 0)) return []
  return (await listItems(database.db, job.id, { status: 'failed', limit: namedFailures })).rows
}
