import type { JobType } from '@catalogsync/contract'
import { getJob, startJob } from '@catalogsync/core'
import { snapshotOf } from '@catalogsync/core/config'
import { liveRunners } from '@catalogsync/runner'
import { warnOf, withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { commonText } from '../messages/common.ts'
import { jobText } from '../messages/job.ts'
import { stateWords } from '../messages/states.ts'
import { followJob } from '../watch/follow.ts'

export interface JobStartOptions {
  type: JobType
  source?: string[]
  downloadSource?: string[]
  backend?: string[]
  playlist?: number[]
  song?: number[]
  all?: boolean
  priority?: number
  idempotencyKey?: string
  watch?: boolean
}

/** With `--json`: the job; with `--watch` too: one object a line, as `job watch` gives them. */
export function jobStart(ctx: Context, options: JobStartOptions): Promise<ExitCode> {
  return withDatabase(ctx, 'existing', async (database, loaded) => {
    const { out, language } = ctx
    const { settings, values } = loaded
    const now = Date.now()
    const id = await startJob(
      database,
      {
        jobType: options.type,
        sources: options.source,
        downloadSources: options.downloadSource,
        backends: options.backend,
        scope: { playlists: options.playlist, songs: options.song, mode: options.all ? 'all' : 'missing' },
        priority: options.priority,
        idempotencyKey: options.idempotencyKey,
      },
      { settings, snapshot: snapshotOf(settings, values), by: 'cli', now },
    )
    await warnOf(ctx, loaded, database)
    const job = await getJob(database.db, id)
    const text = jobText(language)
    const words = stateWords(language)
    const type = words.jobType[job.jobType]
    out.say(job.createdAt === now ? text.queued(id, type) : text.known(id, type, words.job[job.status]))
    if (options.watch) return followJob(ctx, database, settings, id)
    out.give(job)
    if ((await liveRunners(database)).length === 0) out.say(commonText(language).waitsForRunner)
    out.say(text.howToWatch(id))
    return exitCodes.fine
  })
}
