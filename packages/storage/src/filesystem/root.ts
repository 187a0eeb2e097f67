import { lstat, mkdir, open, readdir, realpath, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { PortError } from '@catalogsync/core/ports'
import { errorCode, fsError, isMissing } from './errors.ts'
import { isNotOurs, markerName } from './keys.ts'
import type { FilesystemSettings } from './settings.ts'

export interface Root {
  /** The folder, without links. Throws `PortError` `local` if it is not there or is not ours. */
  open(): Promise<string>
}

/**
 * The folder of a backend, known by its marker file: without the marker it may be the empty mount point of a
 * share that is away, and what is written there fills the wrong disk. A new or empty folder gets a marker.
 */
export function markedRoot(settings: FilesystemSettings): Root {
  const { root } = settings
  let begun = settings.marker === 'require'

  return {
    async open() {
      try {
        if (await exists(join(root, markerName))) {
          begun = true
          return await realpath(root)
        }
        if (begun) throw new PortError('local', `${root} has lost its file ${markerName}: is it not mounted?`)
        await begin(root)
        begun = true
        return await realpath(root)
      } catch (error) {
        throw fsError(`cannot use ${root}`, error)
      }
    },
  }
}

async function begin(root: string): Promise<void> {
  // Not recursive: when the folder above is not there either, a volume is missing.
  await mkdir(root).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') {
      throw new PortError(
        'local',
        `the folder ${dirname(root)}, where ${root} should be, is not there: is it not mounted?`,
      )
    }
    if (errorCode(error) !== 'EEXIST') throw error
  })
  const strangers = (await readdir(root)).filter((name) => !isNotOurs(name))
  if (strangers.length > 0) {
    throw new PortError(
      'local',
      `${root} has files in it but no file ${markerName}. Name an empty folder, or create that file there to use this one`,
    )
  }
  const text =
    'Catalogsync stores files here. Without this file it writes nothing: the folder may be unmounted.\n'
  await writeFile(join(root, markerName), text, { flag: 'wx', flush: true }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error
  })
  await syncFolder(root)
}

/** Makes the names in a folder durable. Some network file systems cannot, and say EINVAL. */
export async function syncFolder(path: string): Promise<void> {
  await using folder = await open(path, 'r')
  await folder.sync().catch((error: unknown) => {
    if (!['EINVAL', 'ENOTSUP', 'EISDIR'].includes(errorCode(error))) throw error
  })
}

/**
 * The folder of `segments` inside `root`, null if it is not there. Symbolic links are refused, wherever they
 * lead: whatever is stored lies inside the root, and is found again by walking it.
 */
export async function plainFolder(root: string, segments: string[], make: boolean): Promise<string | null> {
  let path = root
  for (const segment of segments) {
    const parent = path
    path = parent + sep + segment
    const found = await lstat(path).catch((error: unknown) => {
      if (isMissing(error)) return null
      throw error
    })
    if (!make && !found?.isDirectory()) return null
    if (found?.isSymbolicLink())
      throw new PortError('permanent', `${path} is a symbolic link; nothing is stored through links`)
    if (found && !found.isDirectory())
      throw new PortError('permanent', `${path} is a file where a folder is needed`)
    if (found) continue
    await mkdir(path).catch((error: unknown) => {
      if (errorCode(error) !== 'EEXIST') throw error
    })
    await syncFolder(parent)
  }
  return path
}

async function exists(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile()
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
}
