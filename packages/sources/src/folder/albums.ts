import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { stat } from 'node:fs/promises'
import type { CallContext, Listing, SongListing, SourcePlaylist, SourceSong } from '@catalogsync/core/ports'
import { mapInOrder } from '../in-order.ts'
import { readError } from './errors.ts'
import { baseName, isAudioName } from './names.ts'
import { toSong } from './songs.ts'
import type { SongFile } from './songs.ts'
import type { TagReader } from './tags.ts'
import type { Tree } from './tree.ts'
import { readFolder, walk } from './walk.ts'
import type { WalkedFolder } from './walk.ts'

/** Every folder of the tree that has audio files in it. */
export async function findAlbums(
  tree: Tree,
  _encoding: string,
  ctx: CallContext,
): Promise<Listing<SourcePlaylist>> {
  const listing: Listing<SourcePlaylist> = { entries: [], complete: true }
  for await (const folder of walk(tree, ctx, () => (listing.complete = false))) {
    const album = await albumPlaylist(tree, folder)
    if (album) listing.entries.push(album)
  }
  return listing
}

/** A folder with audio files in it, as a playlist; null if it has none. */
async function albumPlaylist(tree: Tree, folder: WalkedFolder): Promise<SourcePlaylist | null> {
  const files = folder.files.filter((file) => isAudioName(file.name))
  if (files.length === 0) return null
  return {
    remoteId: folder.id || '.',
    name: folder.id === '' ? basename(tree.root) || 'Music' : baseName(folder.id),
    songCount: files.length,
    changeToken: await tokenOf(tree, files),
    locator: { path: folder.path },
  }
}

/** The audio files of one folder, without its subfolders: by disc and track, then by name. */
export async function listAlbum(
  tree: Tree,
  folder: SongFile,
  readTags: TagReader,
  ctx: CallContext,
): Promise<SongListing> {
  const { files } = await readFolder(tree, { ...folder, real: folder.path }, ctx)
  const audio = files.filter((file) => isAudioName(file.name))
  const entries = await mapInOrder(audio, 4, (file) => {
    ctx.signal.throwIfAborted()
    return toSong(tree, file, {}, readTags, ctx)
  })
  return {
    entries: entries.sort(inAlbumOrder),
    unavailable: [],
    complete: true,
    changeToken: await tokenOf(tree, audio),
  }
}

const byName = new Intl.Collator('en', { numeric: true })

function inAlbumOrder(a: SourceSong, b: SourceSong): number {
  return (
    (a.discNo ?? 1) - (b.discNo ?? 1) ||
    (a.trackNo ?? 10_000) - (b.trackNo ?? 10_000) ||
    byName.compare(a.remoteId, b.remoteId)
  )
}

async function tokenOf(tree: Tree, files: SongFile[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files) {
    try {
      const { size, mtimeMs } = await stat(tree.absolute(file.path))
      hash.update(`${file.path}\0${size}\0${mtimeMs}\n`)
    } catch (error) {
      const reason = readError(file.path, error)
      if (reason.class === 'blocked') throw reason
      hash.update(`${file.path}\0gone\n`)
    }
  }
  return hash.digest('hex').slice(0, 32)
}
