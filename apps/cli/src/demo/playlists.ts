import { posix } from 'node:path'
import type { DemoSong } from './songs.ts'

export interface DemoPlaylist {
  /** Relative to the demo folder. */
  path: string
  name: string
  text: string
}

const folder = 'Playlists'

/** A song that a playlist names and that does not exist. */
export const missingSong = 'Lost Tapes/Side B/01 - Gone.flac'

/** Four playlists that together name every song: all alphabets, a song twice, a missing file, and nothing. */
export function demoPlaylists(songs: DemoSong[]): DemoPlaylist[] {
  const of = (...albums: string[]): Entry[] =>
    songs.filter((song) => albums.includes(song.tags.album)).map(entryOf)
  const tides = of('Tides')
  const missing = { seconds: 4, title: 'Lost Tapes - Gone', path: missingSong }
  return [
    playlist('Été · Ночь · 夜', of('Café à minuit', 'Ночь', '夜')),
    playlist('Harbour Loop', [...tides, ...tides.slice(0, 1)]),
    playlist('On the Road', [...of('On/Off'), missing, ...of('Tape Loops', 'Small Hours')]),
    playlist('Nothing Yet', []),
  ]
}

interface Entry {
  seconds: number
  title: string
  path: string
}

function entryOf({ durationSeconds, tags, path }: DemoSong): Entry {
  return { seconds: Math.round(durationSeconds), title: `${tags.artists.join(', ')} - ${tags.title}`, path }
}

function playlist(name: string, entries: Entry[]): DemoPlaylist {
  const lines = entries.flatMap(({ seconds, title, path }) => [
    `#EXTINF:${seconds},${title}`,
    posix.relative(folder, path),
  ])
  const text = ['#EXTM3U', `#PLAYLIST:${name}`, ...lines, ''].join('\n')
  return { path: `${folder}/${name}.m3u8`, name, text }
}
