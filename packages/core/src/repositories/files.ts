import type { Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import { idsIn } from '../db/sqlite/rows.ts'
import type { FileLocationsTable } from '../db/tables.ts'
import { countSongHere } from './playlists.ts'

export type FileRow = Selectable<FileLocationsTable>

export interface LocalFile {
  path: string
  pathKey: string
  size: number
  sha256: string
  mtimeMs: number
  container: string
  durationMs: number | null
}

/** The song's library file is this one now. @returns its id, and the path that it takes the place of */
export async function setSongFile(
  tx: Tx,
  songId: number,
  file: LocalFile,
  now: number,
): Promise<{ fileId: number; replacedPath: string | null }> {
  const old = await tx
    .selectFrom('songs')
    .innerJoin('file_locations as file', 'file.id', 'songs.file_location_id')
    .select(['file.id', 'file.path'])
    .where('songs.id', '=', songId)
    .executeTakeFirst()
  const shared = old
    ? await tx
        .selectFrom('songs')
        .select('id')
        .where('file_location_id', '=', old.id)
        .where('id', '<>', songId)
        .limit(1)
        .executeTakeFirst()
    : undefined
  const facts = {
    path: file.path,
    path_key: file.pathKey,
    size: file.size,
    sha256: file.sha256,
    mtime_ms: file.mtimeMs,
    container: file.container,
    duration_ms: file.durationMs,
    verified_at: now,
  }
  if (old && !shared) {
    await tx.updateTable('file_locations').set(facts).where('id', '=', old.id).execute()
    return { fileId: old.id, replacedPath: old.path === file.path ? null : old.path }
  }
  const row = await tx
    .insertInto('file_locations')
    .values({ kind: 'local', created_at: now, ...facts })
    .returning('id')
    .executeTakeFirstOrThrow()
  await tx.updateTable('songs').set({ file_location_id: row.id }).where('id', '=', songId).execute()
  if (!old) await countSongHere(tx, songId)
  return { fileId: row.id, replacedPath: null }
}

/** Which songs own a library path, folded as a case-insensitive disk would fold it, and how they spell it. */
export async function ownersOfPath(
  db: Queries,
  pathKey: string,
): Promise<{ songId: number | null; path: string }[]> {
  const rows = await db
    .selectFrom('file_locations as file')
    .leftJoin('songs', 'songs.file_location_id', 'file.id')
    .select(['songs.id as song_id', 'file.path'])
    .where('file.kind', '=', 'local')
    .where('file.backend_id', '=', '')
    .where('file.path_key', '=', pathKey)
    .execute()
  return rows.map((row) => ({ songId: row.song_id, path: row.path }))
}

export interface ObjectFile {
  fileId: number
  backendId: string
  key: string
  keyKey: string
  size: number
  sha256: string
  etag: string | null
}

/** The library file's copy in a backend is there. */
export async function setObject(tx: Tx, object: ObjectFile, now: number): Promise<void> {
  const facts = {
    of_file_id: object.fileId,
    size: object.size,
    sha256: object.sha256,
    etag: object.etag,
    verified_at: now,
  }
  await tx
    .insertInto('file_locations')
    .values({
      kind: 'object',
      backend_id: object.backendId,
      path: object.key,
      path_key: object.keyKey,
      created_at: now,
      ...facts,
    })
    .onConflict((oc) =>
      oc.columns(['kind', 'backend_id', 'path_key']).doUpdateSet({ path: object.key, ...facts }),
    )
    .execute()
}

export function filesByIds(db: Queries, ids: readonly number[]): Promise<FileRow[]> {
  return db.selectFrom('file_locations').selectAll().where('id', 'in', idsIn(ids)).execute()
}

/** The backends that hold at least one object. */
export async function backendsWithObjects(db: Queries): Promise<Set<string>> {
  const rows = await db
    .selectFrom('storage_backends')
    .select('id')
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('file_locations as object')
          .select('object.id')
          .where('object.kind', '=', 'object')
          .whereRef('object.backend_id', '=', 'storage_backends.id')
          .limit(1),
      ),
    )
    .execute()
  return new Set(rows.map((row) => row.id))
}
