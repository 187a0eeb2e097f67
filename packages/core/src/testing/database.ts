import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import { openDatabase, type Database } from '../db/open.ts'
import { initLibrary } from '../library/marker.ts'
import { setLibraryId } from '../repositories/meta.ts'
import { plainSettings } from './executor-context.ts'

/** A data folder with a new database and an empty library, as a runner leaves them after its first start. */
export interface TempDatabase {
  database: Database
  folder: string
  libraryDir: string
  lockFolder: string
  settings: Settings
  /** Closes the database and removes the folder. */
  remove(): Promise<void>
}

export async function tempDatabase(): Promise<TempDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), 'catalogsync-'))
  const libraryDir = path.join(folder, 'library')
  const dbPath = path.join(folder, 'catalogsync.db')
  const database = await openDatabase(dbPath)
  await setLibraryId(database.db, await initLibrary(libraryDir, null))
  return {
    database,
    folder,
    libraryDir,
    lockFolder: path.join(folder, 'runners'),
    settings: { ...plainSettings(libraryDir), rootDir: folder, inputDir: path.join(folder, 'input'), dbPath },
    async remove() {
      await database.close()
      await rm(folder, { recursive: true })
    },
  }
}
