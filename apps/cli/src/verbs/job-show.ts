import { unusableLines } from '@catalogsync/core'
import { withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { jobText } from '../messages/job.ts'
import { clockTime } from '../text/format.ts'
import { plain } from '../text/width.ts'
import { progressLines } from '../watch/lines.ts'
import { failuresOf, readProgress } from '../watch/progress.ts'
import { failureLines, summaryOf, unusableText } from '../watch/summary.ts'

/** With `--json`: the job, its summary, its first failed items, and what holds it up. */
export function jobShow(ctx: Context, jobId: number): Promise<ExitCode> {
  return withDatabase(ctx, 'readonly', async (database, { settings }) => {
    const { out, language, io } = ctx
    const text = jobText(language)
    const progress = await readProgress(database, jobId)
    const { job, gates, workers, runnerAlive } = progress
    const failures = await failuresOf(database, job)
    const summary = summaryOf(job)
    const unusable = await unusableLines(database.db, jobId)
    out.give({ ...job, summary, unusable, failures, gates, workers, runnerAlive })
    const names = (list: string[]) => (list.length > 0 ? list.join(', ') : text.nothing)
    const view = { language, paint: out.paint, tz: settings.tz, now: Date.now(), width: io.out.columns() }
    out.say(
      ...progressLines(progress, view),
      `  ${text.created(clockTime(job.createdAt, settings.tz), job.requestedBy)}`,
      `  ${text.scope(names(job.sources), names(job.backends), text.mode[job.scope.mode])}`,
      ...(job.reason === null ? [] : [`  ${text.reason(plain(job.reason))}`]),
      ...unusableText(job.id, unusable, language).map((line) => `  ${line}`),
      ...failureLines(job.id, failures, summary.failed, language),
    )
    return exitCodes.fine
  })
}
