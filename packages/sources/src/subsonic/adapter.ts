import { PortError } from '@catalogsync/core/ports'
import type { SourceAdapter, SourcePool, SourceSettings } from '@catalogsync/core/ports'
import { createHttpClient } from '@catalogsync/core/ports/http'
import { albumIdOf, findAlbums, listAlbum } from './albums.ts'
import { createApi } from './api.ts'
import { findSong } from './find-song.ts'
import { secretParams } from './login.ts'
import { findPlaylists, listPlaylist } from './playlists.ts'
import { readSubsonicSettings } from './settings.ts'

/**
 * A server that speaks Subsonic or OpenSubsonic as a source: one user's playlists, and with `ALBUMS=yes` every
 * album. Remote ids are the server's own. It is only read. Throws `AppError` if the settings are unusable.
 */
export function subsonicSource(source: SourceSettings): SourceAdapter {
  const settings = readSubsonicSettings(source)
  const http = createHttpClient()
  const api = createApi(settings, http)

  return {
    id: source.id,
    type: 'subsonic',

    async listPools(ctx) {
      await api.call('ping', {}, ctx)
      return { entries: settings.albums ? [playlistsPool, albumsPool] : [playlistsPool], complete: true }
    },

    async listPlaylists(pool, ctx) {
      if (pool.remoteId === playlistsPool.remoteId) return findPlaylists(api, ctx)
      if (pool.remoteId === albumsPool.remoteId) return findAlbums(api, ctx)
      throw new PortError('permanent', `there is no pool "${pool.remoteId}" in a Subsonic source`)
    },

    listSongs(playlist, ctx) {
      const album = albumIdOf(playlist)
      return album === null ? listPlaylist(api, playlist.remoteId, ctx) : listAlbum(api, album, ctx)
    },

    findSong: (song, ctx) => findSong(api, song, ctx),

    async resolve(song, ctx) {
      ctx.signal.throwIfAborted()
      return {
        kind: 'url',
        // The file as it is, also where the server is set to convert what its users download.
        url: await api.urlOf('download', { id: song.remoteId, format: 'raw' }, ctx),
        headers: {},
        expiresAt: null,
        size: song.size,
        mime: null,
        hash: null,
        privateHost: settings.privateHost,
        secretParams,
        explain: (answer) => api.explain(answer),
      }
    },

    close: () => http.close(),
  }
}

const playlistsPool: SourcePool = { remoteId: 'playlists', name: 'All playlists' }
const albumsPool: SourcePool = { remoteId: 'albums', name: 'All albums' }
