import { isSettledJob } from '@catalogsync/contract'
import { unusableLines, type Database } from '@catalogsync/core'
import type { Settings } from '@catalogsync/core/config'
import type { Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { changesOf } from './changes.ts'
import { progressLine, progressLines, type View } from './lines.ts'
import { failuresOf, readProgress, type Progress } from './progress.ts'
import { redrawn } from './screen.ts'
import { summaryLines, summaryOf } from './summary.ts'

export interface FollowOptions {
  /** Never draw over lines: something else prints too. */
  steady?: boolean
}

/** Lines of a log are not printed more often than this, unless the job changes its state. */
const lineEveryMs = 2_000
/** A drawn view moves its clock this often. */
const drawEveryMs = 1_000

/**
 * Shows a job until it ends, and then what came of it. With `--json` one object a line: `progress` for each change,
 * `summary` at the end.
 * @throws AppError `job_not_found`
 */
export async function followJob(
  ctx: Context,
  database: Database,
  settings: Settings,
  jobId: number,
  options: FollowOptions = {},
): Promise<ExitCode> {
  const { io, out, language } = ctx
  const show = shower(ctx, settings, options.steady ?? false)
  const changes = changesOf(database, io.stop)
  for (;;) {
    const progress = await readProgress(database, jobId)
    show(progress)
    if (isSettledJob(progress.job.status)) break
    await changes.next(drawEveryMs)
    if (io.stop.aborted) return exitCodes.interrupted
  }
  const { job } = await readProgress(database, jobId)
  const failures = await failuresOf(database, job)
  const unusable = await unusableLines(database.db, jobId)
  const { status, reason } = job
  out.give({ kind: 'summary', jobId, status, reason, ...summaryOf(job), unusable, failures })
  out.say(...summaryLines(job, failures, unusable, language))
  switch (job.status) {
    case 'completed_with_errors':
      return exitCodes.jobWithErrors
    case 'failed':
    case 'canceled':
      return exitCodes.jobFailed
    case 'completed':
    case 'queued':
    case 'running':
    case 'pause_requested':
    case 'paused':
    case 'cancel_requested':
      return exitCodes.fine
  }
}

function shower(ctx: Context, settings: Settings, steady: boolean): (progress: Progress) => void {
  const { io, out, language } = ctx
  const view = (): View => ({
    language,
    paint: out.paint,
    tz: settings.tz,
    now: Date.now(),
    width: io.out.columns(),
  })
  if (out.json) return onChange((progress) => out.give({ kind: 'progress', ...progress }))
  if (io.out.isTTY && !steady) {
    const screen = redrawn(io.out)
    return (progress) => screen.draw(progressLines(progress, view()))
  }
  let saidAt = -Infinity
  let said = ''
  let status = ''
  return (progress) => {
    const line = progressLine(progress, view())
    const due = performance.now() - saidAt >= lineEveryMs || progress.job.status !== status
    if (line === said || !due) return
    saidAt = performance.now()
    said = line
    status = progress.job.status
    out.say(line)
  }
}

function onChange(give: (progress: Progress) => void): (progress: Progress) => void {
  let last = ''
  return (progress) => {
    const now = JSON.stringify(progress)
    if (now !== last) give(progress)
    last = now
  }
}
