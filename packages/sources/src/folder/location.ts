import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Found, Lookup } from './lookup.ts'

/** Where a playlist's line leads to; `unusable` says why it cannot be a file of this source. */
export type Located = Found | { kind: 'unusable'; reason: string }

/**
 * Finds the file that `location` means in a playlist that lies in `folder` (relative to the root).
 * Understood: paths relative to the playlist, absolute paths inside one of `roots`, `file://` URLs, `\` as
 * the separator, and percent-encoded paths, each only if the text as written is no file.
 */
export async function locate(
  location: string,
  folder: string,
  roots: string[],
  lookup: Lookup,
): Promise<Located> {
  const path = fromUrl(location)
  if (typeof path !== 'string') return path
  if (path.includes('\0')) return { kind: 'unusable', reason: 'not a path' }

  let result: Located | null = null
  for (const spelling of spellings(path)) {
    const relative = toRelative(spelling, folder, roots)
    const found: Located = relative === null ? { kind: 'outside' } : await lookup(relative)
    if (found.kind === 'file') return found
    // `a\b.mp3` that is not there is reported as a/b.mp3, percent signs as they were written.
    if (result === null || spelling === withSlashes(path)) result = found
  }
  return result ?? { kind: 'outside' }
}

function fromUrl(location: string): string | Extract<Located, { kind: 'unusable' }> {
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(location)?.[1]?.toLowerCase()
  if (scheme === undefined) {
    const foreign = /^([a-z]:[\\/]|\\\\)/i.test(location)
    return foreign ? { kind: 'unusable', reason: 'a path of another computer' } : location
  }
  if (scheme !== 'file')
    return { kind: 'unusable', reason: `an address (${scheme}); a folder source gives files only` }
  try {
    const url = new URL(location)
    if (url.hostname === 'localhost') url.hostname = ''
    const path = fileURLToPath(url, { windows: false })
    return /^\/[a-z]:\//i.test(path) ? { kind: 'unusable', reason: 'a path of another computer' } : path
  } catch {
    return { kind: 'unusable', reason: 'a file address of another computer, or a broken one' }
  }
}

function spellings(path: string): Set<string> {
  const all = new Set([path, withSlashes(path)])
  if (/%[0-9a-f]{2}/i.test(path)) {
    try {
      all.add(decodeURIComponent(withSlashes(path)))
    } catch {
      // Not percent-encoded UTF-8 after all.
    }
  }
  return all
}

const withSlashes = (path: string): string => path.replaceAll('\\', '/')

/** Null if it is outside of every root. */
function toRelative(path: string, folder: string, roots: string[]): string | null {
  if (path.startsWith('/')) {
    const clean = posix.normalize(path)
    const root = roots.find((candidate) => clean.startsWith(withEnd(candidate)))
    return root === undefined ? null : clean.slice(withEnd(root).length)
  }
  const joined = posix.normalize(posix.join(folder, path))
  return joined === '..' || joined.startsWith('../') ? null : joined
}

const withEnd = (root: string): string => (root.endsWith('/') ? root : `${root}/`)
