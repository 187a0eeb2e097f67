import { randomUUID } from 'node:crypto'
import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The operations tables, the catalog, and what binds them. Words are written out: a migration never changes. */
export const first: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of [...operations, ...catalog]) await sql.raw(statement).execute(db)
    await sql`insert into event_seq (id, epoch, last_id) values (1, ${randomUUID().slice(0, 8)}, 0)`.execute(
      db,
    )
  },
}

const operations = [
  `create table meta (key text primary key, value text not null) strict, without rowid`,

  `create table event_seq (
    id integer primary key check (id = 1), epoch text not null, last_id integer not null) strict`,

  `create table runners (
    id text primary key, host text not null, pid integer not null, version text not null,
    started_at integer not null, ended_at integer, beat integer not null default 0) strict, without rowid`,
  `create index runners_live on runners (id) where ended_at is null`,

  `create table config_revisions (
    id integer primary key autoincrement, content blob not null, encrypted integer not null,
    sha256 text not null, file_path text not null, note text, author text,
    created_at integer not null, applied_at integer, active integer not null default 0) strict`,
  `create unique index config_revisions_active on config_revisions (active) where active = 1`,

  `create table job_runs (
    id integer primary key autoincrement,
    job_type text not null check (job_type in ('collect_only','sync_only','download_only','upload_only','full')),
    status text not null default 'queued' check (status in ('queued','running','pause_requested','paused',
      'cancel_requested','completed','completed_with_errors','failed','canceled')),
    reason text, priority integer not null default 0,
    sources text not null, download_sources text not null, backends text not null,
    playlist_scope_json text not null, config_snapshot_json text not null,
    config_revision_id integer references config_revisions (id),
    stop_now integer not null default 0, requested_by text, idempotency_key text unique,
    created_at integer not null, started_at integer, ended_at integer,
    check ((ended_at is not null) = (status in ('completed','completed_with_errors','failed','canceled')))) strict`,
  `create index job_runs_open on job_runs (priority desc, id)
    where status in ('queued','running','pause_requested','paused','cancel_requested')`,

  `create table job_stages (
    id integer primary key autoincrement,
    job_run_id integer not null references job_runs (id) on delete cascade,
    stage_type text not null check (stage_type in ('collect','sync','download','upload')),
    seq_no integer not null,
    status text not null default 'pending' check (status in ('pending','running','pause_requested','paused',
      'completed','completed_with_errors','skipped','canceled')),
    plan_cursor text, planned_at integer,
    n_pending integer not null default 0 check (n_pending >= 0),
    n_running integer not null default 0 check (n_running >= 0),
    n_succeeded integer not null default 0 check (n_succeeded >= 0),
    n_skipped integer not null default 0 check (n_skipped >= 0),
    n_failed integer not null default 0 check (n_failed >= 0),
    n_canceled integer not null default 0 check (n_canceled >= 0),
    n_interrupted integer not null default 0 check (n_interrupted >= 0),
    n_held integer not null default 0 check (n_held >= 0),
    started_at integer, ended_at integer,
    unique (job_run_id, seq_no), unique (job_run_id, stage_type),
    check ((ended_at is not null) = (status in ('completed','completed_with_errors','skipped','canceled')))) strict`,

  `create table job_items (
    id integer primary key autoincrement,
    job_stage_id integer not null references job_stages (id) on delete cascade,
    job_run_id integer not null,
    stage_type text not null check (stage_type in ('collect','sync','download','upload')),
    item_type text not null check (item_type in ('source','pool','playlist','song','file')),
    item_key text not null, gate_ref text not null, label text not null,
    playlist_pool_id integer, playlist_id integer, song_id integer, file_location_id integer,
    input_hash text not null default '', payload_json text not null default '{}', result_json text,
    status text not null default 'pending' check (status in ('pending','running','succeeded','skipped',
      'failed','canceled','interrupted','held')),
    attempts integer not null default 0, tries integer not null default 0,
    available_at integer not null default 1,
    runner_id text, worker_id text, lease_token text,
    failure_class text check (failure_class in ('transient','blocked','auth','permanent','invalid','local','poison')),
    reason_key text, last_error text, started_at integer, ended_at integer,
    unique (job_stage_id, item_key),
    check ((ended_at is not null) = (status in ('succeeded','skipped','failed','canceled','interrupted'))),
    check ((status = 'running') = (lease_token is not null)),
    check (status <> 'running' or (runner_id is not null and started_at is not null))) strict`,
  // The claim: whatever waits at a closed gate is never looked at.
  `create index job_items_claim on job_items (job_stage_id, gate_ref, available_at, id) where status = 'pending'`,
  // No two items with the same stage type and key run at once, whatever their jobs.
  `create unique index job_items_running on job_items (stage_type, item_key) where status = 'running'`,
  `create index job_items_of_runner on job_items (runner_id) where status = 'running'`,
  `create index job_items_of_job on job_items (job_run_id, id)`,
  `create index job_items_trouble on job_items (job_run_id, status, id)
    where status in ('failed','held','interrupted')`,

  `create table job_item_attempts (
    id integer primary key,
    job_item_id integer not null references job_items (id) on delete cascade,
    attempt_no integer not null, runner_id text not null, worker text not null,
    started_at integer not null, ended_at integer not null,
    outcome text not null check (outcome in ('succeeded','skipped','failed','retry','canceled','released','interrupted')),
    failure_class text check (failure_class in ('transient','blocked','auth','permanent','invalid','local','poison')),
    reason text, reason_key text, config_revision_id integer, refunded integer not null default 0) strict`,
  `create index job_item_attempts_of_item on job_item_attempts (job_item_id, id)`,

  `create table job_workers (
    runner_id text not null, name text not null, stage_type text not null,
    current_item_id integer, current_job_id integer, current_song_id integer, current_playlist_id integer,
    current_display_text text, bytes_done integer, bytes_total integer, since integer,
    primary key (runner_id, name)) strict, without rowid`,

  `create table job_commands (
    id integer primary key autoincrement,
    command_type text not null check (command_type in ('pause','resume','cancel','retry_item','force_retry_item',
      'hold_item','release_item')),
    job_run_id integer not null references job_runs (id) on delete cascade,
    target_item_id integer, params_json text not null default '{}',
    status text not null default 'pending' check (status in ('pending','applying','applied','rejected','stopped')),
    reason text, requested_by text, idempotency_key text unique,
    created_at integer not null, ended_at integer,
    check ((ended_at is not null) = (status in ('applied','rejected','stopped')))) strict`,
  `create index job_commands_open on job_commands (id) where status in ('pending','applying')`,
  `create index job_commands_of_job on job_commands (job_run_id, id)`,

  `create table job_events (
    id integer primary key, at integer not null, kind text not null,
    job_run_id integer, job_stage_id integer, job_item_id integer, payload_json text not null) strict`,
  `create index job_events_of_job on job_events (job_run_id, id)`,

  `create table job_logs (
    id integer primary key autoincrement, at integer not null,
    level text not null check (level in ('debug','info','warn','error')),
    job_run_id integer, job_item_id integer, attempt_no integer, message text not null) strict`,
  `create index job_logs_of_job on job_logs (job_run_id, id)`,
  `create index job_logs_of_item on job_logs (job_item_id, id) where job_item_id is not null`,

  `create table gates (
    kind text not null check (kind in ('source','backend','volume','window','all')), ref text not null,
    reason text not null,
    failure_class text check (failure_class in ('transient','blocked','auth','permanent','invalid','local','poison')),
    closed_until integer, probe_item_id integer, strikes integer not null default 0, closed_at integer not null,
    needed_bytes integer,
    primary key (kind, ref)) strict, without rowid`,

  `create table sessions (
    id_hash text primary key, role text not null check (role in ('viewer','operator','admin')),
    created_at integer not null, seen_at integer not null, expires_at integer not null) strict, without rowid`,

  `create table publish_journal (
    job_item_id integer primary key references job_items (id) on delete cascade,
    runner_id text not null, lease_token text not null, song_id integer not null,
    part_path text not null, final_path text not null, path_key text not null unique,
    size integer not null, sha256 text not null, facts_json text not null) strict`,
]

const catalog = [
  `create table sources (id text primary key, type text not null, collected_at integer) strict, without rowid`,
  `create table storage_backends (
    id text primary key, type text not null, abilities_json text, probed_at integer) strict, without rowid`,

  `create table playlist_pools (
    id integer primary key autoincrement, source_id text not null references sources (id),
    remote_id text not null, name text not null, collected_at integer,
    unique (source_id, remote_id)) strict`,

  `create table playlists (
    id integer primary key autoincrement, source_id text not null references sources (id),
    remote_id text not null, name text not null, song_count integer, change_token text, locator_json text,
    synced_token text, synced_at integer,
    n_entries integer not null default 0 check (n_entries >= 0),
    n_here integer not null default 0 check (n_here >= 0),
    unique (source_id, remote_id)) strict`,

  `create table pool_playlists (
    pool_id integer not null references playlist_pools (id) on delete cascade,
    playlist_id integer not null references playlists (id) on delete cascade,
    primary key (pool_id, playlist_id)) strict, without rowid`,
  `create index pool_playlists_of_playlist on pool_playlists (playlist_id)`,

  `create table file_locations (
    id integer primary key autoincrement,
    kind text not null check (kind in ('local','object')), backend_id text not null default '',
    path text not null, path_key text not null,
    of_file_id integer references file_locations (id) on delete set null,
    size integer not null, sha256 text not null, mtime_ms integer, etag text,
    container text, duration_ms integer, created_at integer not null, verified_at integer not null,
    unique (kind, backend_id, path_key),
    check ((kind = 'local') = (backend_id = ''))) strict`,
  `create index file_locations_of_file on file_locations (of_file_id, backend_id) where of_file_id is not null`,
  `create index file_locations_sha256 on file_locations (sha256)`,

  `create table songs (
    id integer primary key autoincrement, source_id text not null references sources (id),
    remote_id text not null, title text not null, artists_json text not null, display_text text not null,
    album text, album_artist text, track_no integer, disc_no integer, year integer,
    duration_ms integer, size integer, suffix text, isrc text, mbid text, locator_json text,
    file_location_id integer references file_locations (id) on delete set null,
    changed_at integer not null,
    unique (source_id, remote_id)) strict`,
  `create index songs_missing on songs (source_id, id) where file_location_id is null`,
  `create index songs_here on songs (source_id, id) where file_location_id is not null`,
  `create index songs_of_file on songs (file_location_id) where file_location_id is not null`,

  `create table playlist_songs (
    playlist_id integer not null references playlists (id) on delete cascade,
    position integer not null, song_id integer not null references songs (id),
    primary key (playlist_id, position)) strict, without rowid`,
  `create index playlist_songs_of_song on playlist_songs (song_id)`,

  // Words only, no second copy of the text; the rowid is the song's or the playlist's. Filled by the repositories
  // and not by triggers: the text is prepared in code (repositories/search-text.ts), and a trigger that calls code
  // would make the file unwritable for every other program.
  `create virtual table song_search using fts5 (
    title, artists, album, content = '', contentless_delete = 1, prefix = '1 2', tokenize = "unicode61 remove_diacritics 2")`,
  `create virtual table playlist_search using fts5 (
    name, content = '', contentless_delete = 1, prefix = '1 2', tokenize = "unicode61 remove_diacritics 2")`,
]
