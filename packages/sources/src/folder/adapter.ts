import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { PortError } from '@catalogsync/core/ports'
import type {
  CallContext,
  Listing,
  Locator,
  SourceAdapter,
  SourcePlaylist,
  SourcePool,
  SourceSettings,
} from '@catalogsync/core/ports'
import { findAlbums, listAlbum } from './albums.ts'
import { away, quoted, readError } from './errors.ts'
import { createLookup } from './lookup.ts'
import { findPlaylists, listPlaylistFile } from './playlists.ts'
import { readFolderSettings } from './settings.ts'
import { createTagReader } from './tags.ts'
import { openTree } from './tree.ts'
import type { Tree } from './tree.ts'

/**
 * A tree of audio files and M3U playlists as a source. Remote ids are paths relative to the root, in NFC; the
 * locator keeps the names as they are on disk. Nothing is ever written into the tree.
 * Throws `AppError` if the settings are unusable.
 */
export function folderSource(source: SourceSettings): SourceAdapter {
  const settings = readFolderSettings(source)
  const readTags = createTagReader()

  return {
    id: source.id,
    type: 'folder',

    async listPools(ctx) {
      await openTree(settings.root, ctx.signal)
      return { entries: settings.albums ? [playlistsPool, albumsPool] : [playlistsPool], complete: true }
    },

    async listPlaylists(pool, ctx) {
      const tree = await openTree(settings.root, ctx.signal)
      const find = finders[pool.remoteId]
      if (!find) throw new PortError('permanent', `there is no pool "${pool.remoteId}" in a folder source`)
      const listing = await find(tree, settings.encoding, ctx)
      // An empty mount point looks like a folder from which everything was deleted: nothing is concluded from it.
      if (!listing.complete || (await tree.read('')).length > 0) return listing
      ctx.log('info', `folder ${tree.root} is empty`)
      return { ...listing, complete: false }
    },

    async listSongs(playlist, ctx) {
      const tree = await openTree(settings.root, ctx.signal)
      const found = await findAgain(tree, playlist)
      if (found.kind === 'folder') return listAlbum(tree, found, readTags, ctx)
      return listPlaylistFile(tree, found.path, settings.encoding, readTags, ctx)
    },

    findSong: () => Promise.resolve([]),

    async resolve(song, ctx) {
      const tree = await openTree(settings.root, ctx.signal)
      const path = await fileOf(tree, song)
      try {
        await access(tree.absolute(path), constants.R_OK)
        return { kind: 'file', path: tree.absolute(path), size: (await stat(tree.absolute(path))).size }
      } catch (error) {
        throw readError(path, error)
      }
    },

    close: () => Promise.resolve(),
  }
}

const playlistsPool: SourcePool = { remoteId: 'playlists', name: 'Playlists' }
const albumsPool: SourcePool = { remoteId: 'albums', name: 'Albums' }

type Find = (tree: Tree, encoding: string, ctx: CallContext) => Promise<Listing<SourcePlaylist>>

const finders: Record<string, Find> = {
  [playlistsPool.remoteId]: findPlaylists,
  [albumsPool.remoteId]: findAlbums,
}

interface Named {
  remoteId: string
  locator: Locator
}

async function fileOf(tree: Tree, song: Named): Promise<string> {
  const path = song.locator?.['path']
  if (typeof path === 'string') {
    const to = await tree.follow(path)
    if (typeof to !== 'string' && to.kind === 'file') return path
  }
  const found = await findAgain(tree, song)
  if (found.kind === 'file') return found.path
  throw new PortError('permanent', `${quoted(song.remoteId)} is a folder, not a file`)
}

/** What an earlier answer named, also if its name changed its case or normal form since. Throws `PortError`. */
async function findAgain(tree: Tree, named: Named) {
  const lookup = createLookup(tree)
  const path = named.locator?.['path']
  const found = await lookup(typeof path === 'string' ? path : named.remoteId)
  if (found.kind === 'file' || found.kind === 'folder') return { ...found, kind: found.kind }
  if ((await tree.read('')).length === 0) throw away(tree.root, 'is empty')
  if (found.kind === 'missing') throw new PortError('permanent', `file not found: ${quoted(found.id)}`)
  throw new PortError('permanent', `${quoted(named.remoteId)} is not a file inside ${tree.root}`)
}
