import { parseFile } from 'music-metadata'
import type { LogFn } from '@catalogsync/core/ports'
import { suffixOf } from './names.ts'

/** What a file says about itself. */
export interface Tags {
  title: string | null
  artists: string[]
  album: string | null
  albumArtist: string | null
  trackNo: number | null
  discNo: number | null
  year: number | null
  durationMs: number | null
  isrc: string | null
  mbid: string | null
}

export const noTags: Tags = {
  title: null,
  artists: [],
  album: null,
  albumArtist: null,
  trackNo: null,
  discNo: null,
  year: null,
  durationMs: null,
  isrc: null,
  mbid: null,
}

export interface TaggedFile {
  /** Absolute. */
  path: string
  size: number
  mtimeMs: number
}

export type TagReader = (file: TaggedFile, log: LogFn) => Promise<Tags>

/**
 * Reads tags, and remembers those of the last `limit` files while their size and time stay the same:
 * one file costs a millisecond or two and a seek. A file that cannot be understood has no tags.
 */
export function createTagReader(limit = 50_000): TagReader {
  const known = new Map<string, Tags>()

  return async (file, log) => {
    const key = `${file.path}\n${file.size}\n${file.mtimeMs}`
    const before = known.get(key)
    if (before) return before
    const tags = await readTags(file.path).catch((error: unknown) => {
      log('debug', `no tags in ${file.path}: ${error instanceof Error ? error.message : String(error)}`)
      return noTags
    })
    known.set(key, tags)
    // A Map iterates in insertion order: the first key is the oldest.
    if (known.size > limit) known.delete(known.keys().next().value ?? key)
    return tags
  }
}

/** The length of an Ogg file stands on its last page, which is read only when it is asked for. */
const withoutLengthInHeader = new Set(['ogg', 'oga', 'opus'])

async function readTags(path: string): Promise<Tags> {
  const duration = withoutLengthInHeader.has(suffixOf(path) ?? '')
  const { common, format } = await parseFile(path, { skipCovers: true, duration })
  const artists = common.artists?.length ? common.artists : common.artist ? [common.artist] : []
  const seconds = format.duration
  return {
    title: clean(common.title),
    artists: artists.flatMap((artist) => clean(artist) ?? []),
    album: clean(common.album),
    albumArtist: clean(common.albumartist),
    trackNo: common.track.no ?? null,
    discNo: common.disk.no ?? null,
    year: common.year ?? null,
    durationMs:
      seconds !== undefined && seconds > 0 && Number.isFinite(seconds) ? Math.round(seconds * 1000) : null,
    isrc: clean(common.isrc?.[0]),
    mbid: clean(common.musicbrainz_recordingid),
  }
}

const clean = (text: string | undefined): string | null => repair(text?.trim() ?? '') || null

/**
 * RIFF INFO and ID3v1 name no encoding, so UTF-8 in them comes out as Latin-1. Real Latin-1 text is hardly
 * ever valid UTF-8 beyond ASCII.
 */
function repair(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}
