import {
  AppError,
  type FileView,
  type ListSongs,
  type ObjectView,
  type Page,
  type SongDetail,
  type SongRowView,
} from '@catalogsync/contract'
import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { attemptsOfSong } from './attempts.ts'
import type { FileRow } from './files.ts'
import { pageOf } from './pages.ts'
import { searchExpression } from './search-text.ts'
import type { SongRow } from './songs.ts'

export const songRowColumns = [
  'songs.id',
  'songs.source_id',
  'songs.title',
  'songs.artists_json',
  'songs.album',
  'songs.duration_ms',
  'songs.file_location_id',
] as const

type SongColumns = Pick<
  SongRow,
  'id' | 'source_id' | 'title' | 'artists_json' | 'album' | 'duration_ms' | 'file_location_id'
>

export function songRowView(row: SongColumns): SongRowView {
  return {
    id: row.id,
    source: row.source_id,
    title: row.title,
    artists: JSON.parse(row.artists_json) as string[], // written by upsertSongs
    album: row.album,
    durationMs: row.duration_ms,
    here: row.file_location_id !== null,
  }
}

/** In order of their ids. A page costs the same however many songs there are. */
export async function listSongs(db: Queries, filter: ListSongs): Promise<Page<SongRowView>> {
  const limit = filter.limit ?? 100
  const rows = filter.search?.trim()
    ? await searched(db, filter, filter.search, limit)
    : await browsed(db, filter, limit)
  return pageOf(rows.map(songRowView), limit, (row) => row.id)
}

async function searched(
  db: Queries,
  filter: ListSongs,
  search: string,
  limit: number,
): Promise<SongColumns[]> {
  const words = searchExpression(search)
  if (words === null) return []
  return ofState(db, filter.state ?? 'all')
    .innerJoin('song_search', 'song_search.rowid', 'songs.id')
    .where(sql<boolean>`song_search match ${words}`)
    .where('song_search.rowid', '>', filter.after ?? 0)
    .$if(filter.source !== undefined, (q) => q.where('songs.source_id', '=', filter.source ?? ''))
    .orderBy('song_search.rowid')
    .limit(limit)
    .execute()
}

// There is an index in order of ids for each source and state: a wider list is merged from those.
async function browsed(db: Queries, filter: ListSongs, limit: number): Promise<SongColumns[]> {
  const { state = 'all', source } = filter
  const after = filter.after ?? 0
  const page = (of: 'all' | 'here' | 'missing') =>
    ofState(db, of).where('songs.id', '>', after).orderBy('songs.id').limit(limit)
  if (state === 'all' && source === undefined) return page('all').execute()
  const states = state === 'all' ? (['here', 'missing'] as const) : [state]
  const sources =
    source === undefined
      ? (await db.selectFrom('sources').select('id').execute()).map(({ id }) => id)
      : [source]
  const lists = sources.flatMap((id) =>
    states.map((of) => page(of).where('songs.source_id', '=', id).execute()),
  )
  return (await Promise.all(lists))
    .flat()
    .sort((a, b) => a.id - b.id)
    .slice(0, limit)
}

const ofState = (db: Queries, state: 'all' | 'here' | 'missing') => {
  const query = db.selectFrom('songs').select(songRowColumns)
  if (state === 'all') return query
  return query.where('songs.file_location_id', state === 'here' ? 'is not' : 'is', null)
}

/** @throws AppError `song_not_found` */
export async function getSong(db: Queries, id: number): Promise<SongDetail> {
  const song = await db.selectFrom('songs').selectAll().where('id', '=', id).executeTakeFirst()
  if (!song) throw new AppError('song_not_found', { id })
  const file =
    song.file_location_id === null
      ? undefined
      : await db
          .selectFrom('file_locations')
          .selectAll()
          .where('id', '=', song.file_location_id)
          .executeTakeFirst()
  const objects = file
    ? await db.selectFrom('file_locations').selectAll().where('of_file_id', '=', file.id).execute()
    : []
  const playlists = await db
    .selectFrom('playlists')
    .select(['id', 'name', 'source_id as source'])
    .where('id', 'in', (q) => q.selectFrom('playlist_songs').select('playlist_id').where('song_id', '=', id))
    .orderBy('id')
    .limit(100)
    .execute()
  return {
    ...songRowView(song),
    remoteId: song.remote_id,
    albumArtist: song.album_artist,
    trackNo: song.track_no,
    discNo: song.disc_no,
    year: song.year,
    isrc: song.isrc,
    file: file ? fileView(file) : null,
    objects: file ? objects.map((object) => objectView(object, file)) : [],
    playlists,
    attempts: await attemptsOfSong(db, id, file?.id ?? null),
  }
}

function fileView(row: FileRow): FileView {
  return {
    id: row.id,
    path: row.path,
    size: row.size,
    sha256: row.sha256,
    container: row.container,
    durationMs: row.duration_ms,
    verifiedAt: row.verified_at,
  }
}

function objectView(row: FileRow, file: FileRow): ObjectView {
  return {
    backend: row.backend_id,
    key: row.path,
    size: row.size,
    sha256: row.sha256,
    verifiedAt: row.verified_at,
    current: row.sha256 === file.sha256,
  }
}
