import { isSettledJob } from '@catalogsync/contract'
import { getJob, startJob, type Database } from '@catalogsync/core'
import { snapshotOf, type LoadedSettings } from '@catalogsync/core/config'
import type { Context } from '../context.ts'
import { createDemo, writeDemoEnv } from '../demo/index.ts'
import { serveText } from '../messages/serve.ts'
import { stateWords } from '../messages/states.ts'
import { followJob } from '../watch/follow.ts'

/** Makes the demo's settings and its library where there are none. @throws AppError `invalid_input`, `folder_not_writable` */
export async function prepareDemo(ctx: Context, { settings }: LoadedSettings): Promise<void> {
  await writeDemoEnv(settings.rootDir, settings.envFile)
  const { created, songs, playlists } = await createDemo(settings.rootDir)
  ctx.out.give({ kind: 'demo', created, songs, playlists })
  if (created) ctx.out.say(serveText(ctx.language).demoMade(songs, playlists))
}

/** Copies the demo library with one job, once, and shows how far it is until it has ended. */
export async function runDemo(ctx: Context, loaded: LoadedSettings, database: Database): Promise<void> {
  const { out, language } = ctx
  const text = serveText(language)
  const { settings, values } = loaded
  const now = Date.now()
  const id = await startJob(
    database,
    { jobType: 'full', idempotencyKey: 'demo' },
    { settings, snapshot: snapshotOf(settings, values), by: 'demo', now },
  )
  const job = await getJob(database.db, id)
  if (isSettledJob(job.status)) {
    out.give({ kind: 'demo_job', jobId: id, status: job.status, created: false })
    out.say(text.demoThere(id, stateWords(language).job[job.status]), text.demoAgain)
    return
  }
  const created = job.createdAt === now
  out.give({ kind: 'demo_job', jobId: id, status: job.status, created })
  out.say(created ? text.demoStarted(id) : text.demoGoesOn(id))
  await followJob(ctx, database, settings, id, { steady: true })
  if (!ctx.io.stop.aborted) out.say(text.goesOn)
}
