import type { SourceSong } from '@catalogsync/core/ports'
import { idOf, names, text, whole } from './fields.ts'
import { isRecord } from './reply.ts'

/** An entry of a playlist or an album as a song, or why it cannot be one. */
export function toSong(entry: unknown): SourceSong | { title: string; reason: string } {
  if (!isRecord(entry)) return { title: 'Untitled', reason: 'the server does not describe it' }
  const path = text(entry['path'])?.slice(0, 2_000) ?? null
  const id = idOf(entry['id'])
  const named = text(entry['title'])
  // Some servers take a file name, extension and all, for the title of a file without tags.
  const isFileName = named !== null && named === path?.split('/').at(-1)
  const title = (isFileName ? null : named) ?? stemOf(path) ?? id ?? 'Untitled'
  if (id === null) return { title, reason: 'the server gives it no id' }
  if (entry['isDir'] === true) return { title, reason: 'a folder, not a song' }
  if (entry['isVideo'] === true) return { title, reason: 'a video, not a song' }
  const suffix = text(entry['suffix'])?.toLowerCase() ?? ''
  const artists = names(entry['artists'])
  const album = known(entry['album'])[0] ?? null
  const albumArtists = names(entry['albumArtists'])
  return {
    remoteId: id,
    title,
    artists: artists.length > 0 ? artists : known(entry['artist'] ?? entry['displayArtist']),
    album,
    albumArtist: known(entry['displayAlbumArtist'])[0] ?? (albumArtists.join(', ') || null),
    // Without an album, the number in it is the server's invention: every such file would be the first.
    trackNo: album === null ? null : whole(entry['track']),
    discNo: album === null ? null : whole(entry['discNumber']),
    year: whole(entry['year']),
    durationMs: milliseconds(whole(entry['duration'])),
    size: whole(entry['size']),
    suffix: /^[a-z0-9]{1,8}$/.test(suffix) ? suffix : null,
    isrc: names(entry['isrc'])[0] ?? null,
    mbid: text(entry['musicBrainzId']),
    // Ids change when a file is renamed: what else may tell the song again is kept with it.
    locator: { path, kbps: kilobits(whole(entry['bitRate'])) },
  }
}

/** What servers write where a file has no tag. */
const placeholders = /^\[(unknown( (artist|album))?|non-album tracks)\]$/i

const known = (value: unknown): string[] => {
  const name = text(value)
  return name === null || placeholders.test(name) ? [] : [name]
}

const milliseconds = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1_000)

/** The protocol has kilobits a second; some servers give bits. */
const kilobits = (rate: number | null): number | null =>
  rate !== null && rate > 10_000 ? Math.round(rate / 1_000) : rate

const stemOf = (path: string | null): string | null =>
  path
    ?.split('/')
    .at(-1)
    ?.replace(/\.[^.]*$/, '') || null
