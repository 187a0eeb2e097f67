import type { ItemStatus, StageType } from '@catalogsync/contract'
import { sql, type RawBuilder } from 'kysely'
import { idsIn, rowsAs } from '../db/sqlite/rows.ts'
import type { Change } from './change.ts'
import type { Job } from './jobs.ts'

/**
 * What makes items. Every way ends in one upsert whose keys are unique in the stage, so that a page
 * planned twice adds nothing; an item whose input has changed since it was settled is reopened.
 */
export interface StageRef {
  id: number
  jobId: number
  stageType: StageType
}

export interface Planned {
  added: number
  reopened: number
}

const columns = sql.raw(`job_stage_id, job_run_id, stage_type, item_type, item_key, gate_ref, label,
  playlist_pool_id, playlist_id, song_id, file_location_id, input_hash`)

export function planSources(c: Change, stage: StageRef, sources: readonly string[]): Promise<Planned> {
  const ids = rowsAs(
    sources.map((id) => ({ id })),
    ['id'],
  )
  return insertItems(
    c,
    stage,
    sql`select ${stage.id}, ${stage.jobId}, 'collect', 'source', 'source:' || s.id, s.id, s.id,
      null, null, null, null, '' from ${ids} s`,
  )
}

export function planPools(c: Change, stage: StageRef, poolIds: readonly number[]): Promise<Planned> {
  return insertItems(
    c,
    stage,
    sql`select ${stage.id}, ${stage.jobId}, 'collect', 'pool', 'pool:' || p.id, p.source_id, p.name,
      p.id, null, null, null, '' from playlist_pools p where p.id in ${idsIn(poolIds)}`,
  )
}

const playlistItem = (stage: StageRef, poolId: RawBuilder<unknown>) =>
  sql`select ${stage.id}, ${stage.jobId}, 'sync', 'playlist', 'playlist:' || p.id, p.source_id, p.name,
    ${poolId}, p.id, null, null, ''`

/** The playlists of a pool that was just collected. */
export function planPlaylistsOfPool(c: Change, stage: StageRef, job: Job, poolId: number): Promise<Planned> {
  return insertItems(
    c,
    stage,
    sql`${playlistItem(stage, sql`pp.pool_id`)} from pool_playlists pp join playlists p on p.id = pp.playlist_id
      where pp.pool_id = ${poolId} and ${inScope(sql`p.id`, job.scope.playlists)}`,
  )
}

/** A page of all known playlists in scope. @returns the cursor of the next page, null at the end */
export async function planPlaylistsPage(
  c: Change,
  stage: StageRef,
  job: Job,
  after: number,
  limit: number,
): Promise<Planned & { next: number | null }> {
  const keys = sql<{ id: number }>`select p.id from playlists p where p.id > ${after}
    and p.source_id in ${names(job.sources)} and ${inScope(sql`p.id`, job.scope.playlists)} order by p.id limit ${limit}`
  return planPage(
    c,
    stage,
    keys,
    limit,
    (ids) => sql`${playlistItem(stage, sql`null`)} from playlists p where p.id in ${ids}`,
  )
}

const songItem = (stage: StageRef) =>
  sql`select ${stage.id}, ${stage.jobId}, 'download', 'song', 'song:' || s.id, s.source_id, s.display_text,
    null, null, s.id, s.file_location_id, ''`

const wanted = (job: Job) => (job.scope.mode === 'missing' ? sql`s.file_location_id is null` : sql`true`)

/** The songs of a playlist that was just synced, as far as the job wants them. */
export function planSongsOfPlaylist(
  c: Change,
  stage: StageRef,
  job: Job,
  playlistId: number,
): Promise<Planned> {
  return insertItems(
    c,
    stage,
    sql`${songItem(stage)} from songs s
      where s.id in (select ps.song_id from playlist_songs ps where ps.playlist_id = ${playlistId})
        and ${wanted(job)} and ${inScope(sql`s.id`, job.scope.songs)}`,
  )
}

/** A page of all known songs in scope. */
export async function planSongsPage(
  c: Change,
  stage: StageRef,
  job: Job,
  after: number,
  limit: number,
): Promise<Planned & { next: number | null }> {
  const keys = sql<{ id: number }>`select s.id from songs s where s.id > ${after}
    and s.source_id in ${names(job.sources)} and ${wanted(job)} and ${songScope(job)} order by s.id limit ${limit}`
  return planPage(c, stage, keys, limit, (ids) => sql`${songItem(stage)} from songs s where s.id in ${ids}`)
}

// A file is uploaded to each backend where it is not yet, or not in its present form, or not in its present place.
const fileItems = (stage: StageRef, job: Job) =>
  sql`select ${stage.id}, ${stage.jobId}, 'upload', 'file', 'file:' || f.id || '@' || b.value, b.value, f.path,
    null, null, (select min(s.id) from songs s where s.file_location_id = f.id), f.id, f.sha256 || ' ' || f.path
    from file_locations f, json_each(${JSON.stringify(job.backends)}) b`

const notThere = (job: Job) =>
  job.scope.mode === 'all'
    ? sql`true`
    : sql`not exists (select 1 from file_locations o
        where o.of_file_id = f.id and o.backend_id = b.value and o.sha256 = f.sha256
          and o.path_key = f.path_key)`

export function planFiles(
  c: Change,
  stage: StageRef,
  job: Job,
  fileIds: readonly number[],
): Promise<Planned> {
  return insertItems(
    c,
    stage,
    sql`${fileItems(stage, job)} where f.id in ${idsIn(fileIds)} and f.kind = 'local' and ${notThere(job)}`,
  )
}

/** The library files of a playlist's songs: what was there before the job may still lack its copy. */
export function planFilesOfPlaylist(
  c: Change,
  stage: StageRef,
  job: Job,
  playlistId: number,
): Promise<Planned> {
  return insertItems(
    c,
    stage,
    sql`${fileItems(stage, job)} where f.id in (
        select s.file_location_id from playlist_songs ps join songs s on s.id = ps.song_id
        where ps.playlist_id = ${playlistId} and s.file_location_id is not null
          and ${inScope(sql`s.id`, job.scope.songs)})
      and f.kind = 'local' and ${notThere(job)}`,
  )
}

/** A page of all library files in scope. */
export async function planFilesPage(
  c: Change,
  stage: StageRef,
  job: Job,
  after: number,
  limit: number,
): Promise<Planned & { next: number | null }> {
  const scoped = job.scope.playlists.length > 0 || job.scope.songs.length > 0
  const keys = sql<{
    id: number
  }>`select f.id from file_locations f where f.id > ${after} and f.kind = 'local'
    and ${scoped ? sql`exists (select 1 from songs s where s.file_location_id = f.id and ${songScope(job)})` : sql`true`}
    order by f.id limit ${limit}`
  return planPage(
    c,
    stage,
    keys,
    limit,
    (ids) => sql`${fileItems(stage, job)} where f.id in ${ids} and ${notThere(job)}`,
  )
}

async function planPage(
  c: Change,
  stage: StageRef,
  keys: RawBuilder<{ id: number }>,
  limit: number,
  rows: (ids: RawBuilder<number>) => RawBuilder<unknown>,
): Promise<Planned & { next: number | null }> {
  const ids = (await keys.execute(c.tx)).rows.map((row) => row.id)
  const planned = ids.length === 0 ? { added: 0, reopened: 0 } : await insertItems(c, stage, rows(idsIn(ids)))
  return { ...planned, next: ids.length === limit ? (ids.at(-1) ?? null) : null }
}

async function insertItems(c: Change, stage: StageRef, rows: RawBuilder<unknown>): Promise<Planned> {
  const reopened = await reopenChanged(c, stage, rows)
  const inserted = await sql`insert into job_items (${columns}) select * from (${rows}) where true
    on conflict (job_stage_id, item_key) do nothing`.execute(c.tx)
  const added = Number(inserted.numAffectedRows ?? 0n)
  if (added > 0) c.count(stage.id, null, 'pending', added)
  if (added + reopened > 0) {
    c.emit(
      'items_planned',
      { job: stage.jobId, stage: stage.id },
      { stageType: stage.stageType, added, reopened },
    )
  }
  return { added, reopened }
}

/** A settled item goes back in line; one that is not settled yet is told, and a running one does it again. */
async function reopenChanged(c: Change, stage: StageRef, rows: RawBuilder<unknown>): Promise<number> {
  if (stage.stageType !== 'upload') return 0
  const changed = await sql<{ id: number; status: ItemStatus; input_hash: string }>`
    with fresh (${columns}) as (${rows})
    select i.id, i.status, fresh.input_hash from fresh
    join job_items i on i.job_stage_id = fresh.job_stage_id and i.item_key = fresh.item_key
    where i.input_hash <> fresh.input_hash and i.status <> 'canceled'`.execute(c.tx)
  let reopened = 0
  for (const { id, status, input_hash } of changed.rows) {
    const settled = status === 'succeeded' || status === 'skipped' || status === 'failed'
    const again = { status: 'pending', attempts: 0, available_at: 1, ended_at: null } as const
    await c.tx
      .updateTable('job_items')
      .set({ input_hash, ...(settled ? again : {}) })
      .where('id', '=', id)
      .where('status', '=', status)
      .execute()
    if (!settled) continue
    c.count(stage.id, status, 'pending')
    reopened++
  }
  return reopened
}

const names = (list: readonly string[]) => sql<string>`(select value from json_each(${JSON.stringify(list)}))`

function inScope(column: RawBuilder<unknown>, ids: readonly number[]): RawBuilder<unknown> {
  return ids.length === 0 ? sql`true` : sql`${column} in ${idsIn(ids)}`
}

function songScope(job: Job): RawBuilder<unknown> {
  const { playlists } = job.scope
  const inPlaylists =
    playlists.length === 0
      ? sql`true`
      : sql`exists (select 1 from playlist_songs ps where ps.song_id = s.id and ps.playlist_id in ${idsIn(playlists)})`
  return sql`${inPlaylists} and ${inScope(sql`s.id`, job.scope.songs)}`
}
