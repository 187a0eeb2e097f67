import { attempt, portContext } from './attempt.ts'
import { cleanPlaylists, cleanPools } from './clean-listing.ts'
import type { Executor } from './outcome.ts'

/** Without a pool: the source's pools. With one: the pool's playlists. */
export const collect: Executor<'collect'> = ({ sourceId, pool }, ctx) =>
  attempt(ctx, { kind: 'source', ref: sourceId }, async () => {
    const source = ctx.source(sourceId)
    if (pool === null) {
      ctx.progress({ text: sourceId })
      const pools = cleanPools(await source.listPools(portContext(ctx)), ctx.log)
      return { kind: 'done', product: { kind: 'pools', listing: pools } }
    }
    ctx.progress({ text: `${sourceId} / ${pool.name}` })
    const playlists = cleanPlaylists(await source.listPlaylists(pool, portContext(ctx)), ctx.log)
    return { kind: 'done', product: { kind: 'playlists', listing: playlists } }
  })
