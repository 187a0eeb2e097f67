import type { FailureClass, LogLevel } from '@catalogsync/contract'

/** What an adapter needs for one call. Calls stop when `signal` aborts. */
export interface CallContext {
  signal: AbortSignal
  log: LogFn
}

/** A line for people, kept with the attempt. Redacted by the runner; still, put no secret in it. */
export type LogFn = (level: LogLevel, message: string) => void

/** Opaque JSON (≤ 8 KB) that only the adapter which made it reads; the host keeps it and hands it back. */
export type Locator = Record<string, unknown> | null

export interface SourcePool {
  remoteId: string
  name: string
}

export interface SourcePlaylist {
  remoteId: string
  name: string
  /** How many entries the source says it has; null if it does not say. */
  songCount: number | null
  /** Changes when the playlist changes (an ETag, a mtime, a hash); null if the source has none. */
  changeToken: string | null
  locator: Locator
}

export interface SourceSong {
  /** Stable within the source: the song's key is (source, remoteId). */
  remoteId: string
  title: string
  artists: string[]
  album: string | null
  albumArtist: string | null
  trackNo: number | null
  discNo: number | null
  year: number | null
  durationMs: number | null
  /** Bytes of the original file, as the source promises them. */
  size: number | null
  /** File name extension without the dot, lower case: `flac`. */
  suffix: string | null
  isrc: string | null
  mbid: string | null
  locator: Locator
}

/** One page of an answer. An incomplete answer never removes anything that an earlier one brought. */
export interface Listing<T> {
  entries: T[]
  complete: boolean
}

export interface SongListing extends Listing<SourceSong> {
  /** Entries that the source names but cannot describe or give; positions begin at 0 and count all entries. */
  unavailable: { position: number; title: string; reason: string }[]
  changeToken: string | null
}

/** Where the bytes of a song are now. Never stored: a URL may expire, and may hold a secret. */
export type Resolved = ResolvedUrl | { kind: 'file'; path: string; size: number | null }

export interface ResolvedUrl {
  kind: 'url'
  /** Fetched with GET. May hold credentials, where the protocol knows no other place for them. */
  url: string
  /** Sent to the origin of `url` only: a redirect elsewhere drops them. */
  headers: Record<string, string>
  expiresAt: number | null
  size: number | null
  mime: string | null
  /** Lower-case hex. */
  hash: { algorithm: 'sha256' | 'sha1' | 'md5'; hex: string } | null
  /** The host in `url` may have a private address, because the operator named it; default no. */
  privateHost?: boolean
  /** Names of query parameters that are credentials: dropped when a redirect leaves the host. */
  secretParams?: readonly string[]
  /**
   * What an answer that is no audio means, where the protocol says so: an error page, a JSON error with
   * status 200. null: nothing in particular, and the host judges by status and type.
   */
  explain?: (answer: RefusedAnswer) => PortError | null
}

/** An answer to a download that was not taken for audio. */
export interface RefusedAnswer {
  status: number
  /** Lower case, without parameters: `application/json`; null if the answer names none. */
  contentType: string | null
  /** About the first 4 KB of the body, as UTF-8. */
  bodyStart: string
}

/** A place that playlists and songs come from. The host downloads; the adapter only says where. */
export interface SourceAdapter {
  readonly id: string
  readonly type: string
  listPools(ctx: CallContext): Promise<Listing<SourcePool>>
  listPlaylists(pool: SourcePool, ctx: CallContext): Promise<Listing<SourcePlaylist>>
  /** The playlist's entries in order; an entry that is twice in the playlist is twice in the answer. */
  listSongs(playlist: SourcePlaylist, ctx: CallContext): Promise<SongListing>
  /** Candidates here for a song of another source, best first; empty if the adapter cannot search. */
  findSong(song: SourceSong, ctx: CallContext): Promise<SourceSong[]>
  resolve(song: SourceSong, ctx: CallContext): Promise<Resolved>
  close(): Promise<void>
}

/**
 * What an adapter or a backend throws when the outside does not do as asked.
 * `reason` is a sentence for the operator: what, where, and never a secret.
 */
export class PortError extends Error {
  override readonly name = 'PortError'
  readonly class: FailureClass
  readonly reason: string
  /** How long the outside asked us to wait, in milliseconds. */
  readonly afterMs: number | null

  constructor(
    failureClass: FailureClass,
    reason: string,
    options: { afterMs?: number; cause?: unknown } = {},
  ) {
    super(reason, { cause: options.cause })
    this.class = failureClass
    this.reason = reason
    this.afterMs = options.afterMs ?? null
  }
}
