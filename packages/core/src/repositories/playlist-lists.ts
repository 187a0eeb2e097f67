import {
  AppError,
  type ListPlaylists,
  type Page,
  type PlaylistDetail,
  type PlaylistEntryView,
  type PlaylistView,
  type PoolView,
} from '@catalogsync/contract'
import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { pageOf } from './pages.ts'
import type { PlaylistRow } from './playlists.ts'
import { searchExpression } from './search-text.ts'
import { songRowColumns, songRowView } from './song-lists.ts'

export async function listPools(db: Queries): Promise<PoolView[]> {
  const rows = await db
    .selectFrom('playlist_pools as pool')
    .selectAll()
    .select((eb) =>
      eb
        .selectFrom('pool_playlists as pp')
        .whereRef('pp.pool_id', '=', 'pool.id')
        .select((e) => e.fn.countAll<number>().as('n'))
        .as('playlists'),
    )
    .orderBy('source_id')
    .orderBy('id')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    source: row.source_id,
    name: row.name,
    playlists: row.playlists ?? 0,
    collectedAt: row.collected_at,
  }))
}

/** In order of their ids. */
export async function listPlaylists(db: Queries, filter: ListPlaylists): Promise<Page<PlaylistView>> {
  const limit = filter.limit ?? 100
  let query = db.selectFrom('playlists').selectAll().orderBy('id').limit(limit)
  if (filter.after != null) query = query.where('id', '>', filter.after)
  if (filter.source !== undefined) query = query.where('source_id', '=', filter.source)
  if (filter.poolId !== undefined) {
    const { poolId } = filter
    query = query.where('id', 'in', (q) =>
      q.selectFrom('pool_playlists').select('playlist_id').where('pool_id', '=', poolId),
    )
  }
  if (filter.search?.trim()) {
    const words = searchExpression(filter.search)
    if (words === null) return { rows: [], next: null }
    query = query.where(
      'id',
      'in',
      sql<number>`(select rowid from playlist_search where playlist_search match ${words})`,
    )
  }
  return pageOf((await query.execute()).map(playlistView), limit, (row) => row.id)
}

/** @throws AppError `playlist_not_found` */
export async function getPlaylist(db: Queries, id: number): Promise<PlaylistDetail> {
  const row = await db.selectFrom('playlists').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw new AppError('playlist_not_found', { id })
  const pools = await db
    .selectFrom('pool_playlists')
    .innerJoin('playlist_pools', 'playlist_pools.id', 'pool_playlists.pool_id')
    .select(['playlist_pools.id', 'playlist_pools.name'])
    .where('playlist_id', '=', id)
    .orderBy('playlist_pools.id')
    .execute()
  return { ...playlistView(row), remoteId: row.remote_id, songCount: row.song_count, pools }
}

/** In the playlist's order; the cursor is a position. */
export async function listPlaylistSongs(
  db: Queries,
  input: { id: number; after?: number | null | undefined; limit?: number | undefined },
): Promise<Page<PlaylistEntryView>> {
  const limit = input.limit ?? 100
  const rows = await db
    .selectFrom('playlist_songs as entry')
    .innerJoin('songs', 'songs.id', 'entry.song_id')
    .select(['entry.position', ...songRowColumns])
    .where('entry.playlist_id', '=', input.id)
    .where('entry.position', '>', input.after ?? -1)
    .orderBy('entry.position')
    .limit(limit)
    .execute()
  return pageOf(
    rows.map((row) => ({ position: row.position, ...songRowView(row) })),
    limit,
    (row) => row.position,
  )
}

function playlistView(row: PlaylistRow): PlaylistView {
  return {
    id: row.id,
    source: row.source_id,
    name: row.name,
    entries: row.n_entries,
    here: row.n_here,
    missing: row.n_entries - row.n_here,
    syncedAt: row.synced_at,
  }
}
