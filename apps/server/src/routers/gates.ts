import { closedGates, gateView } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const gatesRouter = router({
  /** The gates that are closed, and why. */
  list: procedure('viewer').query(async ({ ctx }) => (await closedGates(ctx.database.db)).map(gateView)),
})
