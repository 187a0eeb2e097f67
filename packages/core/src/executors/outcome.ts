import type { FailureClass, GateKind, StageType } from '@catalogsync/contract'
import type {
  Listing,
  LogFn,
  SongListing,
  SourceAdapter,
  SourcePlaylist,
  SourcePool,
  SourceSong,
  StorageBackend,
  StoredObject,
} from '../ports/index.ts'
import type { HttpClient } from '../ports/http/index.ts'
import type { Settings } from '../config/settings.ts'

/** A song of the catalog, as an executor sees it. */
export interface CatalogSong extends SourceSong {
  id: number
  sourceId: string
}

/** One unit of work, with all that its executor needs to know. Executors know no table. */
export interface WorkOf {
  /** Without a pool: find the source's pools. With one: find the pool's playlists. */
  collect: { stage: 'collect'; sourceId: string; pool: SourcePool | null }
  sync: { stage: 'sync'; sourceId: string; playlist: SourcePlaylist }
  download: {
    stage: 'download'
    song: CatalogSong
    /** Sources to ask, most wanted first; empty: the song's own. */
    downloadSources: string[]
    /** Where the song's file lies now, relative to the library; null if it has none. */
    currentPath: string | null
  }
  upload: {
    stage: 'upload'
    backendId: string
    file: { id: number; path: string; size: number; sha256: string }
    /** Put it anew, also where the backend says that it has it. */
    force: boolean
  }
}
export type Work = WorkOf[StageType]

/** Bytes that were checked and lie beside their final place, not yet visible under their name. */
export interface StagedFile {
  /** Absolute path of the `.part` file, in the folder where the final file goes. */
  partPath: string
  /** Wanted path, relative to the library, `/` between segments. The runner decides on a clash. */
  path: string
  size: number
  sha256: string
  /** What the bytes turned out to be: `flac`, `ogg`, `wav`, `mp3`, `m4a`, … */
  container: string
  durationMs: number | null
}

/** What an executor found out or made. */
export type Product =
  | { kind: 'pools'; listing: Listing<SourcePool> }
  | { kind: 'playlists'; listing: Listing<SourcePlaylist> }
  | { kind: 'entries'; listing: SongListing }
  | { kind: 'file'; file: StagedFile }
  /** `sha256`: of the library file that the object is a copy of. */
  | { kind: 'object'; object: StoredObject; sha256: string; alreadyThere: boolean }

/** The end of one attempt, told by the executor; only the runner writes it down. */
export type Outcome =
  | { kind: 'done'; product: Product }
  | { kind: 'skipped'; reason: string; unasked?: true }
  /** Not now. `gate` names what must open first; without one the item itself backs off. */
  | {
      kind: 'retry'
      class: FailureClass
      reason: string
      afterMs: number | null
      gate: GateRef | null
      /** The volume is full: the free bytes that it must have before the gate opens. */
      needBytes?: number
    }
  /** `unasked`: it ended before its source or backend was asked, and says nothing about their gate. */
  | { kind: 'failed'; class: FailureClass; reason: string; unasked?: true }
  /** The signal aborted it; partial bytes stay for the next attempt. */
  | { kind: 'released' }

export interface GateRef {
  kind: GateKind
  ref: string
}

export interface Progress {
  /** "name / singers", a playlist's name, a path. */
  text?: string
  bytesDone?: number
  bytesTotal?: number | null
}

/** What the runner lends to an executor for one attempt. */
export interface ExecutorContext {
  signal: AbortSignal
  /** The active settings, secrets included. */
  settings: Settings
  /** What the marker in the library must hold; another library is not ours to write into. */
  libraryId: string
  /** Throws a `PortError` of class `permanent` if there is none of that id. */
  source: (id: string) => SourceAdapter
  backend: (id: string) => StorageBackend
  http: HttpClient
  progress: (progress: Progress) => void
  log: LogFn
}

export type Executor<S extends StageType> = (work: WorkOf[S], ctx: ExecutorContext) => Promise<Outcome>
