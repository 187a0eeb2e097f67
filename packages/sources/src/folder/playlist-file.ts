import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { quoted, readError } from './errors.ts'
import { decodeM3u, parseM3u } from './m3u.ts'
import type { M3u } from './m3u.ts'
import type { Tree } from './tree.ts'

export type PlaylistFile =
  | (M3u & { kind: 'playlist'; changeToken: string })
  /** A file with the name of a playlist that is something else. */
  | { kind: 'refused'; reason: string }

/** Far above any list that a person keeps (about 100,000 lines); a larger file is something else. */
export const maxPlaylistBytes = 16 * 1024 * 1024

/** Reads the playlist at `path`, relative to the root. Throws `PortError` if it cannot be read. */
export async function readPlaylistFile(tree: Tree, path: string, encoding: string): Promise<PlaylistFile> {
  try {
    await using file = await open(tree.absolute(path))
    const { size, mtimeMs } = await file.stat()
    if (size > maxPlaylistBytes) {
      const sizes = `${size} bytes, at most ${maxPlaylistBytes} are read`
      return { kind: 'refused', reason: `${quoted(path)} is too large for a playlist: ${sizes}` }
    }
    const bytes = await file.readFile()
    const content = parseM3u(decodeM3u(bytes, encoding))
    if (content.hls) {
      return { kind: 'refused', reason: `${quoted(path)} is a list of stream segments (HLS), not of songs` }
    }
    const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32)
    return { kind: 'playlist', ...content, changeToken: `${bytes.length}-${Math.round(mtimeMs)}-${hash}` }
  } catch (error) {
    throw readError(path, error)
  }
}
