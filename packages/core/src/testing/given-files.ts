import { createHash } from 'node:crypto'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Database } from '../db/open.ts'
import { pathKey } from '../library/file-names.ts'
import { setObject, setSongFile } from '../repositories/files.ts'
import { ensurePlaces } from '../repositories/playlists.ts'
import { insertRunner } from '../repositories/runners.ts'
import { upsertSongs } from '../repositories/songs.ts'
import { holdLock, type RunnerLock } from '../runner/lock.ts'
import type { SourceSong } from '../ports/index.ts'
import type { TempDatabase } from './database.ts'
import { fakeSong } from './fakes.ts'

const then = 1_700_000_000_000

/** A song of the source `home`, without a file. @returns its id */
export function givenSong(
  database: Database,
  remoteId = 's1',
  facts: Partial<SourceSong> = {},
): Promise<number> {
  return database.write(async (tx) => {
    await ensurePlaces(tx, [{ id: 'home', type: 'fake' }], [])
    const ids = await upsertSongs(tx, 'home', [fakeSong(remoteId, facts)], then)
    return ids.get(remoteId) ?? 0
  })
}

export interface FileMade {
  songId: number
  fileId: number
  /** Relative to the library. */
  path: string
  /** Absolute. */
  at: string
  size: number
  sha256: string
}

/** A song with its published file: the bytes on the disk, and the rows that speak of them. */
export async function givenFile(
  home: TempDatabase,
  name = 'song.wav',
  bytes = `bytes of ${name}`,
): Promise<FileMade> {
  const songId = await givenSong(home.database, name)
  const at = path.join(home.libraryDir, name)
  await mkdir(path.dirname(at), { recursive: true })
  await writeFile(at, bytes)
  const { size, mtimeMs } = await stat(at)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const facts = { size, sha256, mtimeMs: Math.round(mtimeMs), container: 'wav', durationMs: null }
  const { fileId } = await home.database.write((tx) =>
    setSongFile(tx, songId, { path: name, pathKey: pathKey(name), ...facts }, then),
  )
  return { songId, fileId, path: name, at, size, sha256 }
}

/** The copy of a library file in a backend. */
export function givenObject({ database }: TempDatabase, file: FileMade, backendId = 'nas'): Promise<void> {
  const { fileId, path: key, size, sha256 } = file
  return database.write(async (tx) => {
    await ensurePlaces(tx, [], [{ id: backendId, type: 'fake' }])
    await setObject(tx, { fileId, backendId, key, keyKey: pathKey(key), size, sha256, etag: null }, then)
  })
}

/** A runner that has not said goodbye: alive while the lock that comes back is held, dead after its release. */
export async function givenRunner({ database, lockFolder }: TempDatabase, id = 'given'): Promise<RunnerLock> {
  const lock = holdLock(lockFolder, id)
  await database.write((tx) => insertRunner(tx, { id, host: 'here', pid: 1, version: '0' }, then))
  return lock
}
