import { byId, listItemsInput } from '@catalogsync/contract'
import { getItem, listItems } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const itemsRouter = router({
  list: procedure('viewer')
    .input(listItemsInput)
    .query(({ ctx, input }) => listItems(ctx.database.db, input.jobId, input)),

  /** With its attempts. */
  get: procedure('viewer')
    .input(byId)
    .query(({ ctx, input }) => getItem(ctx.database.db, input.id)),
})
