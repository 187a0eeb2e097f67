import { stat } from 'node:fs/promises'
import type { CallContext, SourceSong } from '@catalogsync/core/ports'
import { readError } from './errors.ts'
import type { M3uEntry } from './m3u.ts'
import { badId, baseName, isPlaylistName, stemOf, suffixOf } from './names.ts'
import type { Located } from './location.ts'
import { noTags } from './tags.ts'
import type { TagReader, Tags } from './tags.ts'
import type { Tree } from './tree.ts'

/** A file of the tree, by the exact name that opens it, and by the id that stays. */
export interface SongFile {
  path: string
  id: string
}

type Hints = Omit<M3uEntry, 'location'>

/**
 * The song at `file`, which need not exist: then a download says so by name. The file's own tags win over the
 * playlist's words, which differ from list to list, and those over the file name.
 */
export async function toSong(
  tree: Tree,
  file: SongFile,
  hints: Partial<Hints>,
  readTags: TagReader,
  ctx: CallContext,
): Promise<SourceSong> {
  const { size, tags } = await inspect(tree, file.path, readTags, ctx)
  return {
    remoteId: file.id,
    title: tags.title ?? hints.title ?? stemOf(baseName(file.id)),
    artists: tags.artists.length === 0 && hints.artist ? [hints.artist] : tags.artists,
    album: tags.album ?? hints.album ?? null,
    albumArtist: tags.albumArtist ?? hints.albumArtist ?? null,
    trackNo: tags.trackNo,
    discNo: tags.discNo,
    year: tags.year,
    // A download must play as long as its song says: of a file that is there only its own word counts.
    durationMs: size === null ? (hints.durationMs ?? null) : tags.durationMs,
    size,
    suffix: suffixOf(file.id),
    isrc: tags.isrc,
    mbid: tags.mbid,
    locator: { path: file.path },
  }
}

/** A file of this source that a song can be made of, or the reason why there is none. */
export function usable(located: Located, tree: Tree): SongFile | string {
  switch (located.kind) {
    case 'file':
    case 'missing':
      if (isPlaylistName(located.id)) return 'a playlist inside a playlist'
      return badId(located.id) ?? located
    case 'folder':
      return 'a folder, not a file'
    case 'other':
      return 'not a regular file'
    case 'outside':
      return `outside the folder ${tree.root}`
    case 'unusable':
      return located.reason
  }
}

async function inspect(
  tree: Tree,
  path: string,
  readTags: TagReader,
  ctx: CallContext,
): Promise<{ size: number | null; tags: Tags }> {
  const absolute = tree.absolute(path)
  const found = await stat(absolute).catch((error: unknown) => {
    const reason = readError(path, error)
    // A share that goes away in mid-list must not turn the rest of the list into songs without a size.
    if (reason.class === 'blocked') throw reason
    return null
  })
  if (!found?.isFile()) return { size: null, tags: noTags }
  const tags = await readTags({ path: absolute, size: found.size, mtimeMs: found.mtimeMs }, ctx.log)
  return { size: found.size, tags }
}
