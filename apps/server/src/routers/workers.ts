import { listWorkers } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const workersRouter = router({
  /** Every worker slot, and what it works on. */
  list: procedure('viewer').query(({ ctx }) => listWorkers(ctx.database.db)),
})
