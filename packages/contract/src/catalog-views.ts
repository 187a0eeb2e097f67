import type { AttemptOutcome, FailureClass, StageType } from './words.ts'

/** The catalog as it looks from outside. Times are ms since the Unix epoch, sizes bytes, null: not known. */

export interface PoolView {
  id: number
  source: string
  name: string
  playlists: number
  collectedAt: number | null
}

export interface PlaylistView {
  id: number
  source: string
  name: string
  /** Entries, duplicates counted; those whose song is in the library; those whose song is not. */
  entries: number
  here: number
  missing: number
  syncedAt: number | null
}

export interface PlaylistDetail extends PlaylistView {
  remoteId: string
  /** What the source says. */
  songCount: number | null
  pools: { id: number; name: string }[]
}

export interface SongRowView {
  id: number
  source: string
  title: string
  artists: string[]
  album: string | null
  durationMs: number | null
  here: boolean
}

export interface PlaylistEntryView extends SongRowView {
  /** Begins at 0. */
  position: number
}

export interface FileView {
  id: number
  /** Relative to the library, `/` between segments. */
  path: string
  size: number
  sha256: string
  container: string | null
  durationMs: number | null
  verifiedAt: number
}

export interface ObjectView {
  backend: string
  key: string
  size: number
  sha256: string
  verifiedAt: number
  /** It is a copy of the file as it is now. */
  current: boolean
}

export interface SongAttemptView {
  jobRunId: number
  itemId: number
  stageType: StageType
  attempt: number
  worker: string
  startedAt: number
  endedAt: number
  outcome: AttemptOutcome
  class: FailureClass | null
  reason: string | null
}

export interface SongDetail extends SongRowView {
  remoteId: string
  albumArtist: string | null
  trackNo: number | null
  discNo: number | null
  year: number | null
  isrc: string | null
  file: FileView | null
  objects: ObjectView[]
  /** Playlists that it is in, at most 100. */
  playlists: { id: number; name: string; source: string }[]
  /** The latest first, at most 50. */
  attempts: SongAttemptView[]
}

/** What a job would do, as far as is known now: what it collects and syncs first may change it. */
export interface JobPreview {
  playlists: number
  songs: number
  alreadyHere: number
  toFetch: number
  /** Files that lack their copy in a backend, those about to be fetched among them. */
  toUpload: number
  /** Counting ended at 10,000: the numbers say "at least". */
  capped: boolean
}
