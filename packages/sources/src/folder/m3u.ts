/** One line of an M3U file that names a song, with what the comment lines above it say. */
export interface M3uEntry {
  /** As written: a path with `/` or `\`, absolute or relative to the playlist, or a URL. */
  location: string
  title: string | null
  artist: string | null
  album: string | null
  albumArtist: string | null
  durationMs: number | null
}

export interface M3u {
  name: string | null
  entries: M3uEntry[]
  /** It is a list of stream segments (RFC 8216), not of songs. */
  hls: boolean
}

/**
 * Reads an M3U or M3U8 text. There is no standard: these are the lines that common players write
 * (`#EXTINF:secs,Artist - Title`, `#PLAYLIST`, `#EXTALB`, `#EXTART`); other `#` lines are comments.
 */
export function parseM3u(text: string): M3u {
  const playlist: M3u = { name: null, entries: [], hls: false }
  // EXTALB and EXTART above the first song speak for the whole list, below it for the next song only.
  const whole: Described = {}
  let next: Described | null = null

  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replace(/^[ \t]+|[ \t]+$/g, '')
    if (line === '') continue
    if (!line.startsWith('#')) {
      playlist.entries.push({ ...nothing, ...whole, ...next, location: line })
      next = {}
      continue
    }
    const [tag, value] = splitTag(line)
    if (tag.startsWith('#EXT-X-')) playlist.hls = true
    else if (tag === '#PLAYLIST') playlist.name ??= value || null
    else if (tag === '#EXTINF') next = { ...next, ...parseExtinf(value) }
    else if (tag === '#EXTALB' && value) (next ?? whole).album = value
    else if (tag === '#EXTART' && value) (next ?? whole).albumArtist = value
  }
  return playlist
}

/**
 * The text of a playlist file: UTF-8 or UTF-16 by its byte order mark, UTF-8 if it is valid UTF-8, else
 * `fallback` (an encoding label of the WHATWG Encoding Standard).
 */
export function decodeM3u(bytes: Uint8Array, fallback: string): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return new TextDecoder(fallback).decode(bytes)
  }
}

type Described = Partial<Omit<M3uEntry, 'location'>>

const nothing = { title: null, artist: null, album: null, albumArtist: null, durationMs: null }

function splitTag(line: string): [tag: string, value: string] {
  const colon = line.indexOf(':')
  if (colon < 0) return [line.toUpperCase(), '']
  return [line.slice(0, colon).toUpperCase(), line.slice(colon + 1).trim()]
}

/** `244,Artist - Title`, also with attributes before the comma: `-1 group="a, b",Title`. */
function parseExtinf(value: string): Described {
  const match = /^\s*(-?\d+(?:\.\d+)?)?((?:"[^"]*"|[^",])*),(.*)$/.exec(value)
  if (!match) return {}
  const seconds = Number(match[1] ?? 0)
  const label = (match[3] ?? '').trim()
  const dash = label.indexOf(' - ')
  const artist = dash > 0 ? label.slice(0, dash).trim() : ''
  const title = dash > 0 ? label.slice(dash + 3).trim() : label
  return {
    title: title || null,
    artist: artist || null,
    durationMs: seconds > 0 ? Math.round(seconds * 1000) : null,
  }
}
