import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { PortError } from '@catalogsync/core/ports'
import { readError } from './errors.ts'
import { decodeM3u, parseM3u } from './m3u.ts'
import type { M3u } from './m3u.ts'
import type { Tree } from './tree.ts'

export interface PlaylistFile extends M3u {
  changeToken: string
}

/** Far above any list that a person keeps (about 100,000 lines); a larger file is something else. */
export const maxPlaylistBytes = 16 * 1024 * 1024

/** Reads the playlist at `path`, relative to the root. Throws `PortError`: `permanent` if it is none. */
export async function readPlaylistFile(tree: Tree, path: string, encoding: string): Promise<PlaylistFile> {
  const { bytes, mtimeMs } = await readCapped(tree.absolute(path), path)
  const playlist = parseM3u(decodeM3u(bytes, encoding))
  if (playlist.hls)
    throw new PortError('permanent', `${path} is a list of stream segments (HLS), not of songs`)
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
  return { ...playlist, changeToken: `${bytes.length}-${Math.round(mtimeMs)}-${hash}` }
}

async function readCapped(absolute: string, path: string): Promise<{ bytes: Buffer; mtimeMs: number }> {
  try {
    await using file = await open(absolute)
    const { size, mtimeMs } = await file.stat()
    if (size > maxPlaylistBytes) {
      throw new PortError(
        'permanent',
        `${path} is too large for a playlist: ${size} bytes, at most ${maxPlaylistBytes}`,
      )
    }
    return { bytes: await file.readFile(), mtimeMs }
  } catch (error) {
    throw readError(path, error)
  }
}
