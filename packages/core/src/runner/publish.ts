import { unlink } from 'node:fs/promises'
import type { Settings } from '../config/settings.ts'
import { localFailure } from '../executors/classify.ts'
import type { Outcome, StagedFile } from '../executors/outcome.ts'
import { errnoText } from '../library/errno.ts'
import { pathKey } from '../library/file-names.ts'
import { pathWithLabel } from '../library/layout.ts'
import { checkLibrary } from '../library/marker.ts'
import { publishFiles, type PublishResult } from '../library/publish.ts'
import { insideRoot } from '../library/safe-path.ts'
import { mtimeIfSame } from '../library/same-bytes.ts'
import { isFull, isOfTheVolume, keptFree } from '../library/volume.ts'
import type { Tx } from '../db/open.ts'
import { ownersOfPath } from '../repositories/files.ts'
import { heldLeases } from '../repositories/items.ts'
import { journalPublish, type JournalRow } from '../repositories/journal.ts'
import type { Prepared } from './prepare.ts'
import type { Finished } from './slots.ts'

/** A verified file on its way to its name. `clashes` counts the names that were taken. */
export interface Staged {
  finished: Finished
  file: StagedFile
  clashes: number
}

export interface Journaled extends Staged {
  journal: JournalRow
  path: string
  replaces: boolean
}

/**
 * Decides on each file's name and writes the intent down, so that a crash between here and the settle
 * can be told apart from a stranger's file. A file whose lease is gone is left where it is.
 */
export async function journalStaged(
  tx: Tx,
  staged: readonly Staged[],
  runnerId: string,
): Promise<Journaled[]> {
  const held = await heldLeases(
    tx,
    staged.map(({ finished }) => finished.item),
  )
  const journaled: Journaled[] = []
  for (const entry of staged) {
    const { item } = entry.finished
    if (!held.has(item.id)) continue
    const name = await freeName(tx, entry, runnerId)
    if (name) journaled.push({ ...entry, ...name })
  }
  return journaled
}

async function freeName(
  tx: Tx,
  entry: Staged,
  runnerId: string,
): Promise<Pick<Journaled, 'journal' | 'path' | 'replaces'> | null> {
  const { item } = entry.finished
  const songId = item.songId ?? 0
  const { partPath, path: wanted, size, sha256, container, durationMs } = entry.file
  // The last name holds the song's own number, so no other song can have it.
  for (const name of namesFor(wanted, item.gateRef, songId).slice(entry.clashes)) {
    const [owner, ...others] = await ownersOfPath(tx, pathKey(name))
    const replaces = owner !== undefined && others.length === 0 && owner.songId === songId
    if (owner && !replaces) continue
    // A file keeps the spelling that it has: another one may be a stranger's file here, and the same file there.
    const path = owner?.path ?? name
    const journal: JournalRow = {
      job_item_id: item.id,
      runner_id: runnerId,
      lease_token: item.lease,
      song_id: songId,
      part_path: partPath,
      final_path: path,
      path_key: pathKey(path),
      size,
      sha256,
      facts_json: JSON.stringify({ container, durationMs }),
    }
    if (await journalPublish(tx, journal)) return { journal, path, replaces }
  }
  return null
}

function namesFor(wanted: string, sourceId: string, songId: number): string[] {
  return [wanted, pathWithLabel(wanted, `${sourceId}-${songId}`)]
}

/**
 * Gives the files their names, as one group. Clashes come back to be tried under another name.
 * @param libraryId what the library's marker must hold: into another one nothing is published
 */
export async function publishGroup(
  group: readonly Journaled[],
  settings: Settings,
  libraryId: string,
): Promise<{ prepared: Prepared[]; again: Staged[] }> {
  const { libraryDir: root, fileMode, puid, pgid } = settings
  const library = await checkLibrary(root, libraryId)
  if (!library.ok) {
    const outcome = localFailure(library.reason)
    const back = ({ finished }: Journaled) => ({ ...finished, outcome })
    return {
      prepared: group.map((entry) => ({ finished: back(entry), songIds: null, published: null })),
      again: [],
    }
  }
  const results = await publishSafely(root, group, { fileMode, puid, pgid })
  const prepared: Prepared[] = []
  const again: Staged[] = []
  for (const [i, entry] of group.entries()) {
    const { finished, journal, path } = entry
    const result = results[i] ?? { kind: 'failed', error: new Error('not published'), visible: false }
    if (result.kind === 'published') {
      prepared.push({ finished, songIds: null, published: { journal, path, mtimeMs: result.mtimeMs } })
      continue
    }
    const mtimeMs = result.kind === 'clash' ? await adopted(root, entry) : null
    if (mtimeMs !== null) {
      prepared.push({ finished, songIds: null, published: { journal, path, mtimeMs } })
    } else if (result.kind === 'clash' && entry.clashes === 0) {
      again.push({ finished, file: entry.file, clashes: 1 })
    } else {
      const outcome =
        result.kind === 'clash' ? taken(path) : await unpublished(path, result.error, root, libraryId)
      prepared.push({ finished: { ...finished, outcome }, songIds: null, published: null })
    }
  }
  return { prepared, again }
}

async function publishSafely(
  root: string,
  group: readonly Journaled[],
  how: { fileMode: number; puid: number | null; pgid: number | null },
): Promise<PublishResult[]> {
  const safe = await Promise.all(
    group.map((entry) => insideRoot(root, entry.path).catch((error: unknown) => error as Error)), // checked just below
  )
  const fit = group.flatMap(({ file, replaces }, i) => {
    const finalPath = safe[i]
    return typeof finalPath === 'string' ? [{ partPath: file.partPath, finalPath, replaces, ...how }] : []
  })
  const results = await publishFiles(root, fit)
  return safe.map((finalPath) =>
    typeof finalPath === 'string'
      ? (results.shift() ?? { kind: 'failed', error: new Error('no result'), visible: false })
      : { kind: 'failed', error: finalPath, visible: false },
  )
}

/**
 * What stands under the name already may be these very bytes: published once before, by an attempt whose end was
 * lost. @returns when the file was last modified, null if it is another
 */
async function adopted(root: string, { path, journal, file }: Journaled): Promise<number | null> {
  const mtimeMs = await mtimeIfSame(await insideRoot(root, path), journal)
  if (mtimeMs !== null) await unlink(file.partPath).catch(() => undefined) // the audit names what is left over
  return mtimeMs
}

function taken(path: string): Outcome {
  return {
    kind: 'failed',
    class: 'local',
    reason: `the name "${path}" is taken by a file that Catalogsync did not put there`,
  }
}

/** The whole library waits only if the trouble is the whole library's; else the song backs off alone. */
async function unpublished(path: string, error: Error, root: string, libraryId: string): Promise<Outcome> {
  const library = await checkLibrary(root, libraryId)
  if (!library.ok) return localFailure(library.reason)
  const reason = `could not publish "${path}": ${errnoText(error)}`
  if (isFull(error)) return localFailure(reason, keptFree)
  if (isOfTheVolume(error)) return localFailure(reason)
  return { kind: 'retry', class: 'local', reason, afterMs: null, gate: null }
}

/** No name was free: said once, as the item's end. */
export function noName(staged: Staged): Prepared {
  return {
    finished: { ...staged.finished, outcome: taken(staged.file.path) },
    songIds: null,
    published: null,
  }
}
