import {
  isClosedStage,
  isSettledJob,
  itemStatuses,
  jobStatusAfter,
  noItems,
  stagesNow,
  stagesOf,
  type ItemCounts,
  type StageStatus,
} from '@catalogsync/contract'
import type { Queries } from '../db/open.ts'
import { jobRow, type JobRow } from '../repositories/jobs.ts'
import { countsOf, runningIn, stagesOfJob, type StageRow } from '../repositories/stages.ts'
import { pages, type Check } from './check.ts'
import type { Reporter } from './report.ts'

/** Counters agree with items, stages with counters, jobs with stages: each job as one commit left it. */
export const jobs: Check = async ({ database, report, signal }) => {
  const read = (after: number) =>
    database.db
      .selectFrom('job_runs')
      .select('id')
      .where('id', '>', after)
      .orderBy('id')
      .limit(1_000)
      .execute()
  for await (const page of pages(signal, read)) {
    for (const { id } of page) {
      signal.throwIfAborted()
      const seen = await database.snapshot((db) => look(db, id))
      if (!seen) continue
      report.checked('jobs')
      report.checked('stages', seen.stages.length)
      judge(report, seen)
    }
  }
}

interface Seen {
  job: JobRow
  stages: StageRow[]
  counted: Map<number, ItemCounts>
}

async function look(db: Queries, id: number): Promise<Seen | null> {
  const job = await jobRow(db, id)
  if (!job) return null
  const groups = await db
    .selectFrom('job_items')
    .select((eb) => ['job_stage_id', 'status', eb.fn.countAll<number>().as('n')])
    .where('job_run_id', '=', id)
    .groupBy(['job_stage_id', 'status'])
    .execute()
  const counted = new Map<number, ItemCounts>()
  for (const { job_stage_id, status, n } of groups) {
    counted.set(job_stage_id, { ...(counted.get(job_stage_id) ?? noItems), [status]: n })
  }
  return { job, stages: await stagesOfJob(db, id), counted }
}

function judge(report: Reporter, { job, stages, counted }: Seen): void {
  judgeCounters(report, job, stages, counted)
  const statuses = judgeStages(report, job, stages)
  judgeJob(report, job, stages, statuses)
}

function judgeCounters(report: Reporter, job: JobRow, stages: StageRow[], counted: Seen['counted']): void {
  for (const stage of stages) {
    const items = counted.get(stage.id) ?? noItems
    const counters = countsOf(stage)
    const wrong = itemStatuses.filter((status) => counters[status] !== items[status])
    if (wrong.length === 0) continue
    const sums = wrong.map((status) => `${status} ${counters[status]} instead of ${items[status]}`).join(', ')
    const facts = { job: job.id, stage: stage.id, counters, items }
    report.violation('counters', `job ${job.id}, ${stage.stage_type}: the counters say ${sums}`, facts)
  }
}

/** @returns what the stages should be */
function judgeStages(report: Reporter, job: JobRow, stages: StageRow[]): StageStatus[] {
  const types = stages.map((stage) => stage.stage_type)
  if (types.join() !== stagesOf[job.job_type].join()) {
    const message = `job ${job.id} is ${job.job_type} and has the stages ${types.join(', ') || 'none'}`
    report.violation('stages', message, { job: job.id, types })
  }
  const facts = stages.map((stage) => ({ planned: stage.planned_at !== null, counts: countsOf(stage) }))
  const should = stagesNow(job.status, facts).map(({ status }) => status)
  for (const [i, stage] of stages.entries()) {
    const expected = should[i]
    const where = `job ${job.id} (${job.status}), ${stage.stage_type}`
    const facts = { job: job.id, stage: stage.id, status: stage.status, expected }
    if (stage.status !== expected) {
      report.violation(
        'stages',
        `${where}: the stage is ${stage.status}, its items make it ${expected}`,
        facts,
      )
    }
    if ((stage.ended_at !== null) !== isClosedStage(stage.status)) {
      report.violation('ended_at', `${where}: the stage is ${stage.status} and ${hasEnd(stage)}`, facts)
    }
  }
  return should
}

function judgeJob(report: Reporter, job: JobRow, stages: StageRow[], statuses: StageStatus[]): void {
  const running = runningIn(stages)
  const facts = { job: job.id, status: job.status, stages: statuses, running }
  const next = jobStatusAfter(job.status, statuses, running)
  if (next) report.violation('jobs', `job ${job.id} is ${job.status} and should be ${next} by now`, facts)
  if ((isSettledJob(job.status) || job.status === 'paused' || job.status === 'queued') && running > 0) {
    report.violation('jobs', `job ${job.id} is ${job.status}, and ${running} of its items run`, facts)
  }
  if (job.status === 'completed' || job.status === 'completed_with_errors') {
    const open = statuses.filter((status) => !isClosedStage(status)).length
    const end = statuses.includes('completed_with_errors') ? 'completed_with_errors' : 'completed'
    if (open > 0) report.violation('jobs', `job ${job.id} is ${job.status} with ${open} open stages`, facts)
    else if (end !== job.status) {
      report.violation('jobs', `job ${job.id} is ${job.status}, its stages make it ${end}`, facts)
    }
  }
  if ((job.ended_at !== null) !== isSettledJob(job.status)) {
    report.violation('ended_at', `job ${job.id} is ${job.status} and ${hasEnd(job)}`, facts)
  }
}

const hasEnd = (row: { ended_at: number | null }): string =>
  row.ended_at === null ? 'has no end time' : 'has an end time'
