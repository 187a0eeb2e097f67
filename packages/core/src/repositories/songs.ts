import { sql, type Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import { idsIn, rowsAs } from '../db/sqlite/rows.ts'
import type { SongsTable } from '../db/tables.ts'
import type { SourceSong } from '../ports/index.ts'
import { searchText } from './search-text.ts'

export type SongRow = Selectable<SongsTable>

const facts = [
  'title', 'artists_json', 'display_text', 'album', 'album_artist', 'track_no', 'disc_no', 'year',
  'duration_ms', 'size', 'suffix', 'isrc', 'mbid', 'locator_json',
] as const // prettier-ignore

/**
 * Adds songs that are new and corrects those that changed; a song that is as it was costs no write.
 * @param songs at most a page of them (500), so that the writer is held briefly
 * @returns the song's id by its remote id
 */
export async function upsertSongs(
  tx: Tx,
  sourceId: string,
  songs: readonly SourceSong[],
  now: number,
): Promise<Map<string, number>> {
  const rows = [...new Map(songs.map((song) => [song.remoteId, song])).values()].map((song) => ({
    source_id: sourceId,
    remote_id: song.remoteId,
    title: song.title,
    artists_json: JSON.stringify(song.artists),
    display_text: displayText(song),
    album: song.album,
    album_artist: song.albumArtist,
    track_no: song.trackNo,
    disc_no: song.discNo,
    year: song.year,
    duration_ms: song.durationMs,
    size: song.size,
    suffix: song.suffix,
    isrc: song.isrc,
    mbid: song.mbid,
    locator_json: song.locator === null ? null : JSON.stringify(song.locator),
    changed_at: now,
  }))
  const columns = ['source_id', 'remote_id', ...facts, 'changed_at'] as const
  const changed = sql<boolean>`(${sql.join(facts.map((f) => sql.ref(`songs.${f}`)))}) is not (${sql.join(
    facts.map((f) => sql.ref(`excluded.${f}`)),
  )})`
  const written = await tx
    .insertInto('songs')
    .columns([...columns])
    .expression(sql<SongRow>`select * from ${rowsAs(rows, columns)} where true`)
    .onConflict((oc) =>
      oc
        .columns(['source_id', 'remote_id'])
        .doUpdateSet(Object.fromEntries([...facts, 'changed_at'].map((f) => [f, sql.ref(`excluded.${f}`)])))
        .where(changed),
    )
    .returning(['id', 'title', 'artists_json', 'album'])
    .execute()
  await indexSongs(tx, written)
  const ids = await tx
    .selectFrom('songs')
    .select(['id', 'remote_id'])
    .where('source_id', '=', sourceId)
    .where(
      'remote_id',
      'in',
      sql<string>`(select value from json_each(${JSON.stringify(rows.map((r) => r.remote_id))}))`,
    )
    .execute()
  return new Map(ids.map((row) => [row.remote_id, row.id]))
}

async function indexSongs(
  tx: Tx,
  songs: readonly Pick<SongRow, 'id' | 'title' | 'artists_json' | 'album'>[],
): Promise<void> {
  if (songs.length === 0) return
  const rows = songs.map((song) => ({
    id: song.id,
    title: searchText(song.title),
    artists: searchText((JSON.parse(song.artists_json) as string[]).join(' · ')), // written by upsertSongs
    album: searchText(song.album ?? ''),
  }))
  await sql`insert or replace into song_search (rowid, title, artists, album)
    select * from ${rowsAs(rows, ['id', 'title', 'artists', 'album'])} where true`.execute(tx)
}

/** "title / singers", as a worker row and a list show it. */
export function displayText(song: Pick<SourceSong, 'title' | 'artists'>): string {
  return song.artists.length > 0 ? `${song.title} / ${song.artists.join(', ')}` : song.title
}

/** Songs by id, with the library path of the file that each has. */
export function songsWithFile(db: Queries, ids: readonly number[]) {
  return db
    .selectFrom('songs')
    .leftJoin('file_locations as file', 'file.id', 'songs.file_location_id')
    .selectAll('songs')
    .select(['file.path as file_path'])
    .where('songs.id', 'in', idsIn(ids))
    .execute()
}

export function songOf(row: SongRow): SourceSong & { id: number; sourceId: string } {
  return {
    id: row.id,
    sourceId: row.source_id,
    remoteId: row.remote_id,
    title: row.title,
    artists: JSON.parse(row.artists_json) as string[], // written by upsertSongs
    album: row.album,
    albumArtist: row.album_artist,
    trackNo: row.track_no,
    discNo: row.disc_no,
    year: row.year,
    durationMs: row.duration_ms,
    size: row.size,
    suffix: row.suffix,
    isrc: row.isrc,
    mbid: row.mbid,
    locator: row.locator_json === null ? null : (JSON.parse(row.locator_json) as Record<string, unknown>), // the adapter's own
  }
}
