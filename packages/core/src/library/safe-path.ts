import { lstat, realpath } from 'node:fs/promises'
import path from 'node:path'
import { AppError } from '@catalogsync/contract'

/** An absolute path that `insideRoot` let through: the only kind that is written to. */
export type SafePath = string & { readonly __safePath: true }

/**
 * The one way to write a path: `relative` (segments made by `safeSegment`, `/` between them) below `root`.
 * Throws `invalid_input` if a segment is empty, `.` or `..`, or if a symbolic link on the way leads out
 * of the root; errors of the file system pass through. The root must exist.
 */
export async function insideRoot(root: string, relative: string): Promise<SafePath> {
  const segments = relative.split('/')
  for (const segment of segments) {
    const problem = segmentProblem(segment)
    if (problem) throw refused(relative, problem)
  }
  const base = path.resolve(root)
  const joined = path.join(base, ...segments)
  if (!isInside(base, joined)) throw refused(relative, 'it leads out of the folder')
  if (!isInside(await realpath(base), await realpathOfNearest(joined, relative))) {
    throw refused(relative, 'a symbolic link on the way leads out of the folder')
  }
  return joined as SafePath // the checks above are what the brand stands for
}

function segmentProblem(segment: string): string | null {
  if (segment === '') return 'a segment is empty'
  if (segment === '.' || segment === '..') return `a segment is "${segment}"`
  if (segment.includes('\0') || segment.includes('\\')) return 'a segment holds a NUL or a backslash'
  return null
}

/** The real path of the longest part of it that exists. */
async function realpathOfNearest(joined: string, relative: string): Promise<string> {
  for (let at = joined; ;) {
    try {
      return await realpath(at)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
    const found = await lstat(at).catch(() => null)
    // Its target does not exist: creating a file here would create it elsewhere.
    if (found?.isSymbolicLink()) throw refused(relative, 'a symbolic link on the way leads nowhere')
    // What is there after all has just been made, by another worker for a song of the same folder.
    if (!found) at = path.dirname(at)
  }
}

const isInside = (root: string, at: string): boolean =>
  at === root || at.startsWith(root.endsWith(path.sep) ? root : root + path.sep)

const refused = (relative: string, problem: string): AppError =>
  new AppError('invalid_input', { what: `path "${relative}"`, problem })
