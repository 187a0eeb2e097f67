import { PortError, type Listing, type LogFn, type SongListing } from '../ports/index.ts'
import type { Locator, SourcePlaylist, SourcePool, SourceSong } from '../ports/index.ts'

/** Longer texts are cut: a name is for reading. */
const longestName = 1_000
const longestId = 1_000
const longestLocatorBytes = 8 * 1024

/** Adapters are plug-ins: what they answer is checked before the catalog believes it. */
export function cleanPools(listing: Listing<SourcePool>, log: LogFn): Listing<SourcePool> {
  const entries = listing.entries.map((pool): SourcePool => {
    const remoteId = checkedId(pool.remoteId)
    return { remoteId, name: cleanName(pool.name) || nameOfId(remoteId) }
  })
  return { entries: withoutDuplicates(entries, 'pools', log), complete: listing.complete === true }
}

export function cleanPlaylists(listing: Listing<SourcePlaylist>, log: LogFn): Listing<SourcePlaylist> {
  const entries = listing.entries.map((playlist): SourcePlaylist => {
    const remoteId = checkedId(playlist.remoteId)
    return {
      remoteId,
      name: cleanName(playlist.name) || nameOfId(remoteId),
      songCount: wholeNumber(playlist.songCount),
      changeToken: textOrNull(playlist.changeToken),
      locator: checkedLocator(playlist.locator, remoteId),
    }
  })
  return { entries: withoutDuplicates(entries, 'playlists', log), complete: listing.complete === true }
}

/** A song that is twice in a playlist stays twice. */
export function cleanSongs(listing: SongListing): SongListing {
  return {
    entries: listing.entries.map(cleanSong),
    complete: listing.complete === true,
    unavailable: listing.unavailable.map((entry) => ({
      position: wholeNumber(entry.position) ?? 0,
      title: cleanName(entry.title) || 'Untitled',
      reason: cleanName(entry.reason) || 'the source gives no reason',
    })),
    changeToken: textOrNull(listing.changeToken),
  }
}

function cleanSong(song: SourceSong): SourceSong {
  const remoteId = checkedId(song.remoteId)
  const suffix = String(song.suffix ?? '').toLowerCase()
  return {
    remoteId,
    title: cleanName(song.title) || nameOfId(remoteId),
    artists: (Array.isArray(song.artists) ? song.artists : [])
      .map(cleanName)
      .filter((name) => name !== '')
      .slice(0, 100),
    album: textOrNull(song.album),
    albumArtist: textOrNull(song.albumArtist),
    trackNo: wholeNumber(song.trackNo),
    discNo: wholeNumber(song.discNo),
    year: wholeNumber(song.year),
    durationMs: wholeNumber(song.durationMs),
    size: wholeNumber(song.size),
    suffix: /^[a-z0-9]{1,8}$/.test(suffix) ? suffix : null,
    isrc: textOrNull(song.isrc),
    mbid: textOrNull(song.mbid),
    locator: checkedLocator(song.locator, remoteId),
  }
}

function withoutDuplicates<T extends { remoteId: string }>(entries: T[], what: string, log: LogFn): T[] {
  const byId = new Map<string, T>()
  for (const entry of entries) if (!byId.has(entry.remoteId)) byId.set(entry.remoteId, entry)
  const twice = entries.length - byId.size
  if (twice > 0) log('warn', `The source names ${twice} ${what} more than once; the first of each is taken.`)
  return [...byId.values()]
}

/** An id is a key and is never changed: one that a database would not give back as it was is refused. */
function checkedId(remoteId: string): string {
  if (typeof remoteId !== 'string' || remoteId === '') throw broken('an entry has no id')
  if (remoteId.length > longestId) throw broken(`an id is longer than ${longestId} characters`)
  if (/[\0\p{Surrogate}]/u.test(remoteId)) throw broken('an id holds characters that are not text')
  return remoteId
}

function checkedLocator(locator: Locator, remoteId: string): Locator {
  if ((locator ?? null) === null) return null // undefined comes from adapters that are not TypeScript
  if (Buffer.byteLength(JSON.stringify(locator)) <= longestLocatorBytes) return locator
  throw broken(`the locator of "${nameOfId(remoteId)}" is longer than 8 KB`)
}

const broken = (what: string): PortError =>
  new PortError('invalid', `the source's answer cannot be used: ${what}`)

/** Text for people: without control characters and lone surrogates, at most 1,000 characters. */
function cleanName(text: unknown): string {
  if (typeof text !== 'string') return ''
  const plain = needsCleaning.test(text) ? text.replace(/\s+/gu, ' ').replace(unprintable, '') : text
  return plain
    .trim()
    .slice(0, longestName)
    .replace(/\p{Surrogate}$/u, '')
}

const unprintable = /[\p{Cc}\p{Surrogate}]/gu
const needsCleaning = /[\p{Cc}\p{Surrogate}]/u

const nameOfId = (remoteId: string): string => cleanName(remoteId) || 'Untitled'

const textOrNull = (text: string | null): string | null => cleanName(text) || null

const wholeNumber = (value: number | null): number | null => {
  const rounded = typeof value === 'number' ? Math.round(value) : -1
  return rounded >= 0 && Number.isSafeInteger(rounded) ? rounded : null
}
