import { listLogsInput } from '@catalogsync/contract'
import { latestLogs } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const logsRouter = router({
  /** The latest first. */
  list: procedure('viewer')
    .input(listLogsInput)
    .query(({ ctx, input }) => latestLogs(ctx.database.db, input)),
})
