import { byId, commandInput, commandsOfJobInput, listJobsInput, startJobInput } from '@catalogsync/contract'
import { sendCommand, startJob } from '@catalogsync/core'
import { snapshotOf } from '@catalogsync/core/config'
import { commandStatus, getJob, listCommands, listJobs, preview } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const jobsRouter = router({
  /** The newest first. */
  list: procedure('viewer')
    .input(listJobsInput)
    .query(({ ctx, input }) => listJobs(ctx.database.db, input)),

  get: procedure('viewer')
    .input(byId)
    .query(({ ctx, input }) => getJob(ctx.database.db, input.id)),

  start: procedure('operator')
    .input(startJobInput)
    .mutation(async ({ ctx, input }) => {
      const { settings, values } = ctx.loadSettings()
      const start = { settings, snapshot: snapshotOf(settings, values), by: ctx.session.by, now: Date.now() }
      return { id: await startJob(ctx.database, input, start) }
    }),

  /** What the job would find to do now; counts end at 10,000. */
  preview: procedure('viewer')
    .input(startJobInput)
    .query(({ ctx, input }) => preview(ctx.database, input, ctx.loadSettings().settings)),

  /** Writes the wish down; a runner applies it, and `commandStatus` tells what became of it. */
  command: procedure('operator')
    .input(commandInput)
    .mutation(async ({ ctx, input }) => {
      const by = { by: ctx.session.by, now: Date.now() }
      return { commandId: await sendCommand(ctx.database, input, by) }
    }),

  commandStatus: procedure('viewer')
    .input(byId)
    .query(({ ctx, input }) => commandStatus(ctx.database.db, input.id)),

  commands: procedure('viewer')
    .input(commandsOfJobInput)
    .query(({ ctx, input }) => listCommands(ctx.database.db, input.jobId)),
})
