import { chmod, chown, mkdir } from 'node:fs/promises'
import path from 'node:path'
import { setAttributes, type Owner } from './attributes.ts'
import { isErrno } from './errno.ts'
import type { SafePath } from './safe-path.ts'

export interface FolderOptions extends Owner {
  /** Permission bits of folders that are created; existing ones are left alone. */
  dirMode: number
}

/**
 * Creates what is missing of the folders between `root` and `file`, each with the mode and owner asked for, whatever the
 * umask. Returns the folders created, outermost first. The root itself must exist: a library that is not
 * mounted is never created. `publishFiles` makes the new names durable.
 */
export async function makeFoldersFor(
  root: string,
  file: SafePath,
  options: FolderOptions,
): Promise<string[]> {
  const created: string[] = []
  let at = path.resolve(root)
  for (const segment of path.relative(at, path.dirname(file)).split(path.sep)) {
    if (segment === '') continue
    at = path.join(at, segment)
    if (!(await make(at))) continue
    created.push(at)
    const made = { chmod: (m: number) => chmod(at, m), chown: (u: number, g: number) => chown(at, u, g) }
    await setAttributes(made, options.dirMode, options)
  }
  return created
}

async function make(at: string): Promise<boolean> {
  try {
    await mkdir(at)
    return true
  } catch (error) {
    if (isErrno(error) && error.code === 'EEXIST') return false
    throw error
  }
}
