import { randomBytes, randomUUID } from 'node:crypto'
import { access, constants, mkdir, open, readFile, statfs, unlink } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@catalogsync/contract'
import { errnoText, isErrno } from './errno.ts'
import { linkOrRename, syncFolder } from './rename.ts'

/** Tells a mounted library from the empty folder that an unmounted share leaves behind. */
export const markerName = '.catalogsync-library'

export type LibraryState = { ok: true; id: string; freeBytes: number } | { ok: false; reason: string }

/**
 * The id of the library at `root`. A library seen before (`knownId`) is left alone, whatever state it is
 * in: `checkLibrary` tells. One never seen is adopted if it has a marker, else created with a new one.
 * Throws `folder_not_writable`, or `invalid_input` for a marker that cannot be read as one.
 */
export async function initLibrary(root: string, knownId: string | null): Promise<string> {
  if (knownId !== null) return knownId
  try {
    await mkdir(root, { recursive: true })
    return (await readMarker(root)) ?? (await createMarker(root))
  } catch (error) {
    if (!isErrno(error)) throw error
    const facts = { path: root, what: 'LIBRARY_DIR', cause: errnoText(error) }
    throw new AppError('folder_not_writable', facts, { cause: error })
  }
}

/**
 * Can be published to right now? Writes nothing, so that it can be asked on a sleeping disk.
 * @param knownId the id that the marker must hold; null: any
 */
export async function checkLibrary(root: string, knownId: string | null): Promise<LibraryState> {
  try {
    const id = await readMarker(root)
    if (id === null)
      return { ok: false, reason: `the marker ${markerName} is missing in "${root}"; is it mounted?` }
    if (knownId !== null && id !== knownId) {
      return { ok: false, reason: `"${root}" is another library: its marker holds ${id}, not ${knownId}` }
    }
    await access(root, constants.W_OK | constants.X_OK)
    const { bavail, bsize } = await statfs(root)
    return { ok: true, id, freeBytes: bavail * bsize }
  } catch (error) {
    const cause = error instanceof AppError ? error.message : errnoText(error)
    return { ok: false, reason: `the library "${root}" cannot be used: ${cause}` }
  }
}

/** The id in the marker; null: there is none. A missing root is an error of its own. Reads only. */
export async function readMarker(root: string): Promise<string | null> {
  const file = path.join(root, markerName)
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!isErrno(error) || error.code !== 'ENOENT') throw error
    await access(root)
    return null
  }
  const id = /^id=([0-9a-f-]{36})$/m.exec(text)?.[1]
  if (id === undefined) {
    throw new AppError('invalid_input', { what: `marker "${file}"`, problem: 'it holds no library id' })
  }
  return id
}

/** Written beside and linked into place: a crash never leaves half a marker, and of two starters one wins. */
async function createMarker(root: string): Promise<string> {
  const id = randomUUID()
  const temporary = path.join(root, `${markerName}.${randomBytes(6).toString('hex')}`)
  const file = await open(temporary, 'wx', 0o644)
  try {
    await file.writeFile(
      `Catalogsync library. Without this file nothing is written into this folder.\nid=${id}\n`,
    )
    await file.sync()
  } finally {
    await file.close()
  }
  const made = await linkOrRename(temporary, path.join(root, markerName))
  if (!made) await unlink(temporary)
  await syncFolder(root)
  return made ? id : ((await readMarker(root)) ?? id)
}
