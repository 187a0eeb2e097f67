/** File name extension without the dot, lower case; null if there is none that looks like one. */
export function suffixOf(name: string): string | null {
  return /[^/.][^/]*\.([a-z0-9]{1,5})$/i.exec(name)?.[1]?.toLowerCase() ?? null
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** The name without its extension. */
export function stemOf(name: string): string {
  const suffix = suffixOf(name)
  return suffix === null ? name : name.slice(0, -suffix.length - 1)
}

export const isPlaylistName = (name: string): boolean => /\.m3u8?$/i.test(name)

export const isAudioName = (name: string): boolean => audioSuffixes.has(suffixOf(name) ?? '')

/** Hidden entries, and what NAS and desktop systems put beside people's files. */
export function isClutter(name: string): boolean {
  return name.startsWith('.') || /\.part$/i.test(name) || clutter.has(name.toLowerCase())
}

/** Why a path cannot be the id of a song or a playlist; null if it can. */
export function badId(path: string): string | null {
  if (path.includes('\ufffd') || /\p{Surrogate}/u.test(path)) return 'its name is not valid Unicode'
  if (path.includes('\0')) return 'not a path'
  return path.length > longestId ? `its path is longer than ${longestId} characters` : null
}

/** What the host takes as an id. */
const longestId = 1000

const clutter = new Set([
  '@eadir',
  '#recycle',
  '#snapshot',
  '@recycle',
  '$recycle.bin',
  'system volume information',
  'lost+found',
  'thumbs.db',
  'desktop.ini',
])

const audioSuffixes = new Set(
  'flac mp3 m4a m4b aac ogg oga opus wav aif aiff wma ape wv mpc tta alac dsf dff mka'.split(' '),
)
