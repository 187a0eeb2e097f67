import { attempt, portContext } from './attempt.ts'
import { cleanSongs } from './clean-listing.ts'
import type { Executor } from './outcome.ts'

/** A playlist's entries, in order, as the source has them now. */
export const sync: Executor<'sync'> = ({ sourceId, playlist }, ctx) =>
  attempt(ctx, { kind: 'source', ref: sourceId }, async () => {
    ctx.progress({ text: playlist.name })
    const listing = cleanSongs(await ctx.source(sourceId).listSongs(playlist, portContext(ctx)))
    const missing = listing.unavailable.length
    if (missing > 0)
      ctx.log('warn', `${missing} entries of "${playlist.name}" cannot be had from the source.`)
    return { kind: 'done', product: { kind: 'entries', listing } }
  })
