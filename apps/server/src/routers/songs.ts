import { byId, listSongsInput } from '@catalogsync/contract'
import { getSong, listSongs } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const songsRouter = router({
  list: procedure('viewer')
    .input(listSongsInput)
    .query(({ ctx, input }) => listSongs(ctx.database.db, input)),

  get: procedure('viewer')
    .input(byId)
    .query(({ ctx, input }) => getSong(ctx.database.db, input.id)),
})
