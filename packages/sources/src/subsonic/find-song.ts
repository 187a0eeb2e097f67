import type { CallContext, SourceSong } from '@catalogsync/core/ports'
import type { Api } from './api.ts'
import { childrenOf } from './playlists.ts'
import { toSong } from './songs.ts'

/**
 * Songs here that are the same recording as far as their tags tell: same title and an artist in common, and
 * a length within three seconds or a twentieth. Best first: ISRC or MusicBrainz id, album, nearest length.
 */
export async function findSong(api: Api, wanted: SourceSong, ctx: CallContext): Promise<SourceSong[]> {
  const params = { query: wanted.title, songCount: 50, artistCount: 0, albumCount: 0 }
  const found = childrenOf(await api.call('search3', params, ctx), 'searchResult3', 'song', api)
  return found
    .flatMap((child) => {
      const song = toSong(child)
      return 'reason' in song || !isSame(song, wanted) ? [] : [song]
    })
    .sort((a, b) => rank(b, wanted) - rank(a, wanted) || distance(a, wanted) - distance(b, wanted))
}

function isSame(song: SourceSong, wanted: SourceSong): boolean {
  if (hasSameId(song, wanted)) return true
  if (fold(song.title) !== fold(wanted.title)) return false
  const artists = new Set(song.artists.map(fold))
  const isSomebody = artists.size > 0 && wanted.artists.length > 0
  if (isSomebody && !wanted.artists.some((artist) => artists.has(fold(artist)))) return false
  return distance(song, wanted) <= Math.max(3_000, (wanted.durationMs ?? 0) * 0.05)
}

const hasSameId = (a: SourceSong, b: SourceSong): boolean =>
  (a.isrc !== null && a.isrc === b.isrc) || (a.mbid !== null && a.mbid === b.mbid)

const rank = (song: SourceSong, wanted: SourceSong): number =>
  (hasSameId(song, wanted) ? 2 : 0) + (fold(song.album ?? '') === fold(wanted.album ?? '') ? 1 : 0)

const distance = (a: SourceSong, b: SourceSong): number =>
  a.durationMs === null || b.durationMs === null ? 0 : Math.abs(a.durationMs - b.durationMs)

/** Letters and digits alone, without case, accents and full-width forms. */
const fold = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
