import { openItems, totalItems, type JobStatus, type JobView } from '@catalogsync/contract'
import { listJobs } from '@catalogsync/core'
import { withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { commonText } from '../messages/common.ts'
import { jobText } from '../messages/job.ts'
import { stateWords } from '../messages/states.ts'
import { clockTime, count, duration } from '../text/format.ts'
import { table } from '../text/table.ts'
import { failuresOf } from '../watch/progress.ts'

export interface JobListOptions {
  status?: JobStatus
  limit?: number
  before?: number
}

/** With `--json`: a page `{rows, next}` of jobs, each with its first failed items. */
export function jobList(ctx: Context, options: JobListOptions): Promise<ExitCode> {
  return withDatabase(ctx, 'readonly', async (database, { settings }) => {
    const { out, language } = ctx
    const text = jobText(language)
    const page = await listJobs(database.db, options)
    if (out.json) {
      const rows = []
      for (const job of page.rows) rows.push({ ...job, failures: await failuresOf(database, job) })
      out.give({ rows, next: page.next })
      return exitCodes.fine
    }
    if (page.rows.length === 0) out.say(options.status === undefined ? text.none : text.noneMatch)
    else {
      const { id, type, status, done, failed, created, took, by } = text.columns
      const right = { align: 'right' } as const
      out.say(
        ...table(
          [
            { title: id, ...right },
            { title: type },
            { title: status },
            { title: done, ...right },
            { title: failed, ...right },
            { title: created },
            { title: took },
            { title: by },
          ],
          page.rows.map((job) => row(job, ctx, settings.tz)),
        ),
      )
    }
    if (page.next !== null) out.say(commonText(language).more(page.next, '--before'))
    return exitCodes.fine
  })
}

function row(job: JobView, { language }: Context, tz: string): string[] {
  const words = stateWords(language)
  const sum = (n: (stage: JobView['stages'][number]) => number) =>
    job.stages.reduce((total, stage) => total + n(stage), 0)
  const open = sum(({ counts }) => openItems(counts))
  const total = sum(({ counts }) => totalItems(counts))
  return [
    String(job.id),
    words.jobType[job.jobType],
    words.job[job.status],
    `${count(total - open)}/${count(total)}`,
    count(sum(({ counts }) => counts.failed)),
    clockTime(job.createdAt, tz),
    job.startedAt === null || job.endedAt === null ? '' : duration(job.endedAt - job.startedAt, language),
    job.requestedBy ?? '',
  ]
}
