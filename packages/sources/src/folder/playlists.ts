import { PortError } from '@catalogsync/core/ports'
import type { CallContext, Listing, SongListing, SourcePlaylist } from '@catalogsync/core/ports'
import { mapInOrder } from '../in-order.ts'
import { locate } from './location.ts'
import { createLookup } from './lookup.ts'
import { baseName, isPlaylistName, stemOf } from './names.ts'
import { readPlaylistFile } from './playlist-file.ts'
import { toSong, usable } from './songs.ts'
import type { TagReader } from './tags.ts'
import type { Tree } from './tree.ts'
import { walk } from './walk.ts'

/** Every playlist file of the tree. Files that cannot be read or are no playlists are left out, and logged. */
export async function findPlaylists(
  tree: Tree,
  encoding: string,
  ctx: CallContext,
): Promise<Listing<SourcePlaylist>> {
  const listing: Listing<SourcePlaylist> = { entries: [], complete: true }
  for await (const folder of walk(tree, ctx, () => (listing.complete = false))) {
    for (const file of folder.files.filter((f) => isPlaylistName(f.name))) {
      const content = await readPlaylistFile(tree, file.path, encoding).catch(unreadable)
      if (typeof content === 'string') listing.complete = false
      if (typeof content === 'string' || content.kind === 'refused') {
        ctx.log('warn', `left out: ${typeof content === 'string' ? content : content.reason}`)
        continue
      }
      listing.entries.push({
        remoteId: file.id,
        name: content.name ?? stemOf(baseName(file.id)),
        songCount: content.entries.length,
        changeToken: content.changeToken,
        locator: { path: file.path },
      })
    }
  }
  return listing
}

/** The songs of the playlist file at `path`, relative to the root, in its order. Throws `PortError`. */
export async function listPlaylistFile(
  tree: Tree,
  path: string,
  encoding: string,
  readTags: TagReader,
  ctx: CallContext,
): Promise<SongListing> {
  const content = await readPlaylistFile(tree, path, encoding)
  if (content.kind === 'refused') throw new PortError('permanent', content.reason)
  const lookup = createLookup(tree)
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : ''
  const roots = [tree.root, tree.absolute('')]

  const lines = await mapInOrder(content.entries, 4, async (entry) => {
    ctx.signal.throwIfAborted()
    const file = await locate(entry.location, folder, roots, lookup).then(
      (at) => usable(at, tree),
      unreadable,
    )
    return typeof file === 'string' ? file : toSong(tree, file, entry, readTags, ctx)
  })

  const listing: SongListing = {
    entries: [],
    unavailable: [],
    complete: true,
    changeToken: content.changeToken,
  }
  for (const [position, line] of lines.entries()) {
    const { title, location } = content.entries[position] ?? { title: null, location: '' }
    if (typeof line !== 'string') listing.entries.push(line)
    else listing.unavailable.push({ position, title: title ?? location, reason: line })
  }
  return listing
}

/** One file or subfolder that cannot be read does not take the others with it; a share that is away does. */
function unreadable(error: unknown): string {
  if (error instanceof PortError && error.class === 'permanent') return error.reason
  throw error
}
