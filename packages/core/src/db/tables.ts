import type { ColumnType, Generated } from 'kysely'
import type {
  AttemptOutcome,
  CommandStatus,
  CommandType,
  EventKind,
  FailureClass,
  FileKind,
  GateKind,
  ItemStatus,
  ItemType,
  JobStatus,
  JobType,
  LogLevel,
  Role,
  StageStatus,
  StageType,
} from '@catalogsync/contract'

/**
 * The tables as Kysely types. Times are ms since the epoch; `*_json` columns are JSON text.
 * The migrations are the truth about constraints; this is the truth about shapes.
 */
export interface Tables {
  meta: { key: string; value: string }
  event_seq: { id: number; epoch: string; last_id: number }
  runners: RunnersTable
  job_runs: JobRunsTable
  job_stages: JobStagesTable
  job_items: JobItemsTable
  job_item_attempts: JobItemAttemptsTable
  job_workers: JobWorkersTable
  job_commands: JobCommandsTable
  job_events: JobEventsTable
  job_logs: JobLogsTable
  gates: GatesTable
  sessions: SessionsTable
  config_revisions: ConfigRevisionsTable
  publish_journal: PublishJournalTable
  sources: SourcesTable
  storage_backends: { id: string; type: string; abilities_json: string | null; probed_at: number | null }
  playlist_pools: PlaylistPoolsTable
  playlists: PlaylistsTable
  pool_playlists: { pool_id: number; playlist_id: number }
  songs: SongsTable
  playlist_songs: { playlist_id: number; position: number; song_id: number }
  file_locations: FileLocationsTable
  /** FTS5, of words alone: by rowid, the song's or the playlist's id. */
  song_search: { rowid: number; title: string; artists: string; album: string }
  playlist_search: { rowid: number; name: string }
}

type Id = Generated<number>
type Default<T> = ColumnType<T, T | undefined, T>

/** One process that executes jobs. It is alive while it holds its lock database. */
export interface RunnersTable {
  id: string
  host: string
  pid: number
  version: string
  started_at: number
  ended_at: number | null
  /** Raised while items run; a watcher who sees it stand still calls the runner frozen. */
  beat: Default<number>
}

export interface JobRunsTable {
  id: Id
  job_type: JobType
  status: Default<JobStatus>
  reason: string | null
  priority: Default<number>
  sources: string
  download_sources: string
  backends: string
  playlist_scope_json: string
  config_snapshot_json: string
  config_revision_id: number | null
  /** 1: what runs is aborted instead of drained. */
  stop_now: Default<number>
  requested_by: string | null
  idempotency_key: string | null
  created_at: number
  started_at: number | null
  ended_at: number | null
}

export interface JobStagesTable {
  id: Id
  job_run_id: number
  stage_type: StageType
  seq_no: number
  status: Default<StageStatus>
  /** Where planning goes on, opaque to all but the stage's planner. */
  plan_cursor: string | null
  planned_at: number | null
  n_pending: Default<number>
  n_running: Default<number>
  n_succeeded: Default<number>
  n_skipped: Default<number>
  n_failed: Default<number>
  n_canceled: Default<number>
  n_interrupted: Default<number>
  n_held: Default<number>
  started_at: number | null
  ended_at: number | null
}

export interface JobItemsTable {
  id: Id
  job_stage_id: number
  job_run_id: number
  stage_type: StageType
  item_type: ItemType
  /** `song:1`, `playlist:7`, `file:3@nas`: unique in its stage. */
  item_key: string
  /** The source or backend whose gate this item waits at. */
  gate_ref: string
  label: string
  playlist_pool_id: number | null
  playlist_id: number | null
  song_id: number | null
  file_location_id: number | null
  /** Changes when the work would give another result: then a settled item is reopened. */
  input_hash: Default<string>
  payload_json: Default<string>
  result_json: string | null
  status: Default<ItemStatus>
  /** Attempts used up; refunded ones do not count. */
  attempts: Default<number>
  /** Attempts ever made: the number of the last row in job_item_attempts. */
  tries: Default<number>
  /** 0 run next, 1 in line, else not before this time. */
  available_at: Default<number>
  runner_id: string | null
  worker_id: string | null
  lease_token: string | null
  failure_class: FailureClass | null
  reason_key: string | null
  last_error: string | null
  started_at: number | null
  ended_at: number | null
}

export interface JobItemAttemptsTable {
  id: Id
  job_item_id: number
  attempt_no: number
  runner_id: string
  worker: string
  started_at: number
  ended_at: number
  outcome: AttemptOutcome
  failure_class: FailureClass | null
  reason: string | null
  reason_key: string | null
  config_revision_id: number | null
  refunded: Default<number>
}

export interface JobWorkersTable {
  runner_id: string
  name: string
  stage_type: StageType
  current_item_id: number | null
  current_job_id: number | null
  current_song_id: number | null
  current_playlist_id: number | null
  current_display_text: string | null
  bytes_done: number | null
  bytes_total: number | null
  since: number | null
}

export interface JobCommandsTable {
  id: Id
  command_type: CommandType
  job_run_id: number
  target_item_id: number | null
  params_json: Default<string>
  status: Default<CommandStatus>
  reason: string | null
  requested_by: string | null
  idempotency_key: string | null
  created_at: number
  ended_at: number | null
}

export interface JobEventsTable {
  id: number
  at: number
  kind: EventKind
  job_run_id: number | null
  job_stage_id: number | null
  job_item_id: number | null
  payload_json: string
}

export interface JobLogsTable {
  id: Id
  at: number
  level: LogLevel
  job_run_id: number | null
  job_item_id: number | null
  attempt_no: number | null
  message: string
}

/** A row is a closed gate; an open gate has none. */
export interface GatesTable {
  kind: GateKind
  ref: string
  reason: string
  failure_class: FailureClass | null
  /** null: until what closed it has gone. */
  closed_until: number | null
  /** The one item let through to see whether it is over. */
  probe_item_id: number | null
  /** How often in a row the probe has failed; the wait doubles with it. */
  strikes: Default<number>
  closed_at: number
  /** A full disk closed it: the free bytes that open it. null: something else did. */
  needed_bytes: number | null
}

/** A signed-in browser. The id itself is known to the browser alone. */
export interface SessionsTable {
  /** HMAC-SHA256 of the id, keyed by the admin token, hex. */
  id_hash: string
  role: Role
  created_at: number
  seen_at: number
  expires_at: number
}

export interface ConfigRevisionsTable {
  id: Id
  content: Uint8Array
  encrypted: number
  sha256: string
  file_path: string
  note: string | null
  author: string | null
  created_at: number
  applied_at: number | null
  active: Default<number>
}

/** A file between verified and published: recovery reads here what a rename was about. */
export interface PublishJournalTable {
  job_item_id: number
  runner_id: string
  lease_token: string
  song_id: number
  part_path: string
  final_path: string
  path_key: string
  size: number
  sha256: string
  facts_json: string
}

export interface SourcesTable {
  id: string
  type: string
  collected_at: number | null
}

export interface PlaylistPoolsTable {
  id: Id
  source_id: string
  remote_id: string
  name: string
  collected_at: number | null
}

export interface PlaylistsTable {
  id: Id
  source_id: string
  remote_id: string
  name: string
  /** What the source says; the real number is counted in playlist_songs. */
  song_count: number | null
  change_token: string | null
  locator_json: string | null
  /** The change token of the last complete sync. */
  synced_token: string | null
  synced_at: number | null
  /** Entries in playlist_songs; those whose song has its library file. */
  n_entries: Default<number>
  n_here: Default<number>
}

export interface SongsTable {
  id: Id
  source_id: string
  remote_id: string
  title: string
  /** JSON list of names, in the source's order. */
  artists_json: string
  /** "title / singers", for lists. */
  display_text: string
  album: string | null
  album_artist: string | null
  track_no: number | null
  disc_no: number | null
  year: number | null
  duration_ms: number | null
  size: number | null
  suffix: string | null
  isrc: string | null
  mbid: string | null
  locator_json: string | null
  /** The song's library file; null: it is missing. Songs with the same bytes may share one. */
  file_location_id: number | null
  changed_at: number
}

export interface FileLocationsTable {
  id: Id
  kind: FileKind
  /** Empty for the library, else the backend's id. */
  backend_id: Default<string>
  /** Relative to LIBRARY_DIR, or the object's key; `/` between segments. */
  path: string
  /** NFC, case-folded: unique per kind and backend, so that no two files meet on a folding disk. */
  path_key: string
  /** For an object: the library file that it is a copy of. */
  of_file_id: number | null
  size: number
  sha256: string
  mtime_ms: number | null
  etag: string | null
  /** Container found in the bytes: `flac`, `ogg`, `wav`, `mp3`, `m4a`. */
  container: string | null
  duration_ms: number | null
  created_at: number
  verified_at: number
}
