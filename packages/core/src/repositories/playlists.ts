import { sql, type Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import { idsIn, rowsAs } from '../db/sqlite/rows.ts'
import type { PlaylistPoolsTable, PlaylistsTable } from '../db/tables.ts'
import type { SourcePlaylist, SourcePool } from '../ports/index.ts'
import { searchText } from './search-text.ts'

export type PoolRow = Selectable<PlaylistPoolsTable>
export type PlaylistRow = Selectable<PlaylistsTable>

/** Every source and backend that items may wait for has a row. */
export async function ensurePlaces(
  tx: Tx,
  sources: readonly { id: string; type: string }[],
  backends: readonly { id: string; type: string }[],
): Promise<void> {
  for (const { id, type } of sources) {
    await tx
      .insertInto('sources')
      .values({ id, type })
      .onConflict((oc) => oc.column('id').doUpdateSet({ type }).where('sources.type', '<>', type))
      .execute()
  }
  for (const { id, type } of backends) {
    await tx
      .insertInto('storage_backends')
      .values({ id, type })
      .onConflict((oc) => oc.column('id').doUpdateSet({ type }).where('storage_backends.type', '<>', type))
      .execute()
  }
}

export async function knownPlaces(db: Queries): Promise<{ sources: string[]; backends: string[] }> {
  const sources = await db.selectFrom('sources').select('id').orderBy('id').execute()
  const backends = await db.selectFrom('storage_backends').select('id').orderBy('id').execute()
  return { sources: sources.map((row) => row.id), backends: backends.map((row) => row.id) }
}

/** @returns the ids of the pools, new ones and known ones */
export async function upsertPools(tx: Tx, sourceId: string, pools: readonly SourcePool[]): Promise<number[]> {
  const ids: number[] = []
  for (const pool of pools) {
    const row = await tx
      .insertInto('playlist_pools')
      .values({ source_id: sourceId, remote_id: pool.remoteId, name: pool.name })
      .onConflict((oc) => oc.columns(['source_id', 'remote_id']).doUpdateSet({ name: pool.name }))
      .returning('id')
      .executeTakeFirstOrThrow()
    ids.push(row.id)
  }
  return ids
}

/**
 * What a pool holds now. An incomplete answer adds and corrects, and takes nothing away.
 * The playlists themselves stay: songs and files hang on them.
 */
export async function setPoolPlaylists(
  tx: Tx,
  pool: { id: number; sourceId: string },
  playlists: readonly SourcePlaylist[],
  complete: boolean,
  now: number,
): Promise<void> {
  const rows = playlists.map((playlist) => ({
    source_id: pool.sourceId,
    remote_id: playlist.remoteId,
    name: playlist.name,
    song_count: playlist.songCount,
    change_token: playlist.changeToken,
    locator_json: playlist.locator === null ? null : JSON.stringify(playlist.locator),
  }))
  const columns = ['source_id', 'remote_id', 'name', 'song_count', 'change_token', 'locator_json'] as const
  const facts = columns.slice(2)
  const written = await tx
    .insertInto('playlists')
    .columns([...columns])
    .expression(sql<PlaylistRow>`select * from ${rowsAs(rows, columns)} where true`)
    .onConflict((oc) =>
      oc
        .columns(['source_id', 'remote_id'])
        .doUpdateSet(Object.fromEntries(facts.map((f) => [f, sql.ref(`excluded.${f}`)])))
        .where(
          sql<boolean>`(${sql.join(facts.map((f) => sql.ref(`playlists.${f}`)))}) is not (${sql.join(
            facts.map((f) => sql.ref(`excluded.${f}`)),
          )})`,
        ),
    )
    .returning(['id', 'name'])
    .execute()
  await indexPlaylists(tx, written)
  const here = tx
    .selectFrom('playlists')
    .select('id')
    .where('source_id', '=', pool.sourceId)
    .where(
      'remote_id',
      'in',
      sql<string>`(select value from json_each(${JSON.stringify(rows.map((r) => r.remote_id))}))`,
    )
  if (complete) {
    await tx
      .deleteFrom('pool_playlists')
      .where('pool_id', '=', pool.id)
      .where('playlist_id', 'not in', here)
      .execute()
  }
  await tx
    .insertInto('pool_playlists')
    .columns(['pool_id', 'playlist_id'])
    .expression(here.clearSelect().select([sql.lit(pool.id).as('pool_id'), 'id']))
    .onConflict((oc) => oc.doNothing())
    .execute()
  await tx.updateTable('playlist_pools').set({ collected_at: now }).where('id', '=', pool.id).execute()
}

async function indexPlaylists(tx: Tx, playlists: readonly { id: number; name: string }[]): Promise<void> {
  if (playlists.length === 0) return
  const rows = playlists.map(({ id, name }) => ({ id, name: searchText(name) }))
  await sql`insert or replace into playlist_search (rowid, name)
    select * from ${rowsAs(rows, ['id', 'name'])} where true`.execute(tx)
}

export interface EntriesChange {
  linked: number
  added: number
  removed: number
}

/**
 * The playlist's songs, in order; positions begin at 0. An incomplete answer only adds what is not there.
 * A playlist that is as it was costs no write but its sync time.
 */
export async function setPlaylistSongs(
  tx: Tx,
  playlistId: number,
  songIds: readonly number[],
  complete: boolean,
  sync: { token: string | null; now: number },
): Promise<EntriesChange> {
  const before = (
    await tx
      .selectFrom('playlist_songs')
      .select('song_id')
      .where('playlist_id', '=', playlistId)
      .orderBy('position')
      .execute()
  ).map((row) => row.song_id)
  const had = new Set(before)
  const after = complete ? songIds : [...before, ...songIds.filter((id) => !had.has(id))]
  const same = after.length === before.length && after.every((id, i) => id === before[i])
  if (!same) {
    await tx.deleteFrom('playlist_songs').where('playlist_id', '=', playlistId).execute()
    await tx
      .insertInto('playlist_songs')
      .columns(['playlist_id', 'position', 'song_id'])
      .expression(
        sql<never>`select ${playlistId}, key, value from json_each(${JSON.stringify(after)}) where true`,
      )
      .execute()
  }
  await tx
    .updateTable('playlists')
    .set({
      synced_at: sync.now,
      ...(complete ? { synced_token: sync.token } : {}),
      ...(same ? {} : { n_entries: after.length, n_here: entriesHere(playlistId) }),
    })
    .where('id', '=', playlistId)
    .execute()
  const has = new Set(after)
  return {
    linked: after.length,
    added: after.filter((id) => !had.has(id)).length,
    removed: before.filter((id) => !has.has(id)).length,
  }
}

const entriesHere = (playlistId: number) => sql<number>`(
  select count(*) from playlist_songs ps join songs s on s.id = ps.song_id
  where ps.playlist_id = ${playlistId} and s.file_location_id is not null)`

/** A song came into the library: the playlists that it is in count it, once for each entry. */
export async function countSongHere(tx: Tx, songId: number): Promise<void> {
  await sql`update playlists set n_here = n_here + e.n
    from (select playlist_id, count(*) as n from playlist_songs where song_id = ${songId} group by playlist_id) e
    where e.playlist_id = playlists.id`.execute(tx)
}

export function poolsByIds(db: Queries, ids: readonly number[]): Promise<PoolRow[]> {
  return db.selectFrom('playlist_pools').selectAll().where('id', 'in', idsIn(ids)).execute()
}

export function playlistsByIds(db: Queries, ids: readonly number[]): Promise<PlaylistRow[]> {
  return db.selectFrom('playlists').selectAll().where('id', 'in', idsIn(ids)).execute()
}

export async function markCollected(tx: Tx, sourceId: string, now: number): Promise<void> {
  await tx.updateTable('sources').set({ collected_at: now }).where('id', '=', sourceId).execute()
}
