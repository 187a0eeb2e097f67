import type { CallContext, Listing, SongListing, SourcePlaylist } from '@catalogsync/core/ports'
import type { Api } from './api.ts'
import { idOf, text, whole } from './fields.ts'
import { childrenOf, listing } from './playlists.ts'
import { isRecord } from './reply.ts'

/** What the protocol gives at once, at most. */
const pageSize = 500
const mostPages = 4_000

/** Every album as a playlist. Pages are asked for until one brings nothing new: servers may give fewer at once. */
export async function findAlbums(api: Api, ctx: CallContext): Promise<Listing<SourcePlaylist>> {
  const albums = new Map<string, SourcePlaylist>()
  let offset = 0
  for (let page = 0; page < mostPages; page += 1) {
    const params = { type: 'alphabeticalByName', size: pageSize, offset }
    const found = childrenOf(await api.call('getAlbumList2', params, ctx), 'albumList2', 'album', api)
    const before = albums.size
    for (const album of found.flatMap(toPlaylist)) albums.set(album.remoteId, album)
    if (albums.size === before) return { entries: [...albums.values()], complete: true }
    offset += found.length
  }
  ctx.log('warn', `more than ${offset} albums: the rest is left out`)
  return { entries: [...albums.values()], complete: false }
}

export async function listAlbum(api: Api, id: string, ctx: CallContext): Promise<SongListing> {
  return listing(childrenOf(await api.call('getAlbum', { id }, ctx), 'album', 'song', api), null)
}

/** The id of the album that a playlist is, null if it is none. */
export function albumIdOf({ remoteId, locator }: SourcePlaylist): string | null {
  const id = locator?.['album']
  return typeof id === 'string' && remoteId === `album:${id}` ? id : null
}

function toPlaylist(album: unknown): SourcePlaylist[] {
  const id = isRecord(album) ? idOf(album['id']) : null
  if (!isRecord(album) || id === null) return []
  const [name, artist] = [text(album['name']) ?? text(album['title']) ?? id, text(album['artist'])]
  const isKnown = artist !== null && !artist.startsWith('[')
  return [
    {
      remoteId: `album:${id}`,
      name: isKnown ? `${artist} - ${name}` : name,
      songCount: whole(album['songCount']),
      changeToken: null,
      locator: { album: id },
    },
  ]
}
