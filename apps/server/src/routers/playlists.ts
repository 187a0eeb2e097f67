import { byId, listPlaylistsInput, playlistSongsInput } from '@catalogsync/contract'
import { getPlaylist, listPlaylists, listPlaylistSongs, listPools } from '@catalogsync/core/reads'
import { procedure, router } from '../trpc.ts'

export const playlistsRouter = router({
  pools: procedure('viewer').query(({ ctx }) => listPools(ctx.database.db)),

  list: procedure('viewer')
    .input(listPlaylistsInput)
    .query(({ ctx, input }) => listPlaylists(ctx.database.db, input)),

  get: procedure('viewer')
    .input(byId)
    .query(({ ctx, input }) => getPlaylist(ctx.database.db, input.id)),

  /** In the playlist's order, by position. */
  songs: procedure('viewer')
    .input(playlistSongsInput)
    .query(({ ctx, input }) => listPlaylistSongs(ctx.database.db, input)),
})
