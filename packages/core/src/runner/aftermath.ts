import { unlink } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import type { Queries } from '../db/open.ts'
import { partPathOf } from '../library/part-path.ts'
import { insideRoot } from '../library/safe-path.ts'
import { songOf, songsWithFile } from '../repositories/songs.ts'
import type { Aftermath } from './settle.ts'

/** Removes what a commit has made useless. What is missed here is an orphan that the audit names. */
export async function tidyUp(
  db: Queries,
  settings: Settings,
  { replacedPaths, canceledSongs }: Aftermath,
): Promise<void> {
  const songs = await songsWithFile(db, canceledSongs)
  const parts = songs.map((row) => partPathOf(songOf(row), settings.downloadLayout))
  for (const relative of [...replacedPaths, ...parts]) {
    try {
      await unlink(await insideRoot(settings.libraryDir, relative))
    } catch {
      // Not there, or its volume is away.
    }
  }
}
