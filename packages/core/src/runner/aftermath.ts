import { unlink } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import type { Queries } from '../db/open.ts'
import { partPathOf } from '../library/part-path.ts'
import { insideRoot } from '../library/safe-path.ts'
import { songsBegun, songsRunning } from '../repositories/items.ts'
import { songOf, songsWithFile } from '../repositories/songs.ts'
import type { Aftermath } from './settle.ts'

/** Removes what a commit has made useless. What is missed here is an orphan that the audit names. */
export async function tidyUp(db: Queries, settings: Settings, aftermath: Aftermath): Promise<void> {
  for (const relative of [...aftermath.replacedPaths, ...(await uselessParts(db, settings, aftermath))]) {
    try {
      await unlink(await insideRoot(settings.libraryDir, relative))
    } catch {
      // Not there, or its volume is away.
    }
  }
}

export function leavesNothing({ replacedPaths, abandonedSongs, canceledJobs }: Aftermath): boolean {
  return replacedPaths.length + abandonedSongs.length + canceledJobs.length === 0
}

async function uselessParts(db: Queries, settings: Settings, aftermath: Aftermath): Promise<string[]> {
  const ids = [...aftermath.abandonedSongs]
  for (const jobId of aftermath.canceledJobs) ids.push(...(await songsBegun(db, jobId)))
  if (ids.length === 0) return []
  const inUse = await songsRunning(db, ids) // by another job, which has just begun with it
  const songs = await songsWithFile(
    db,
    ids.filter((id) => !inUse.has(id)),
  )
  return songs.map((row) => partPathOf(songOf(row), settings.downloadLayout))
}
