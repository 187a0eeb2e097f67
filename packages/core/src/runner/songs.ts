import type { Database } from '../db/open.ts'
import type { SourceSong } from '../ports/index.ts'
import { upsertSongs } from '../repositories/songs.ts'

/** Songs a transaction, so that the writer is held briefly. */
const pageSize = 500

/**
 * The ids of a playlist's songs, in its order. Songs are facts about a source, harmless to write again:
 * they go in page by page before the playlist itself changes, under the item's lease.
 */
export async function songIdsOf(
  database: Database,
  sourceId: string,
  songs: readonly SourceSong[],
  now: number,
): Promise<number[]> {
  const ids = new Map<string, number>()
  for (let i = 0; i < songs.length; i += pageSize) {
    const page = songs.slice(i, i + pageSize)
    for (const [remoteId, id] of await database.write((tx) => upsertSongs(tx, sourceId, page, now))) {
      ids.set(remoteId, id)
    }
  }
  return songs.flatMap((song) => ids.get(song.remoteId) ?? [])
}
