import type { StageType } from '@catalogsync/contract'
import type { Queries } from '../db/open.ts'
import type { Work } from '../executors/outcome.ts'
import { filesByIds } from '../repositories/files.ts'
import type { ClaimedItem } from '../repositories/items.ts'
import type { Job } from '../repositories/jobs.ts'
import { playlistsByIds, poolsByIds } from '../repositories/playlists.ts'
import { songOf, songsWithFile } from '../repositories/songs.ts'
import type { Needless, Task } from './slots.ts'

/** Loads what the executors need for a group of claimed items, in one query a kind. */
export async function loadTasks(
  db: Queries,
  items: readonly ClaimedItem[],
  jobs: ReadonlyMap<number, Job>,
): Promise<Task[]> {
  const loaded = await Promise.all([
    tasksOf('collect', items, (some) => collectWork(db, some)),
    tasksOf('sync', items, (some) => syncWork(db, some)),
    tasksOf('download', items, (some) => downloadWork(db, some, jobs)),
    tasksOf('upload', items, (some) => uploadWork(db, some, jobs)),
  ])
  return loaded.flat()
}

type WorkFor = (item: ClaimedItem) => Work | Needless | null

async function tasksOf(
  stage: StageType,
  items: readonly ClaimedItem[],
  load: (items: readonly ClaimedItem[]) => Promise<WorkFor>,
): Promise<Task[]> {
  const mine = items.filter((item) => item.stageType === stage)
  if (mine.length === 0) return []
  const workFor = await load(mine)
  return mine.map((item) => ({ item, work: workFor(item) }))
}

const ids = (items: readonly ClaimedItem[], pick: (item: ClaimedItem) => number | null): number[] =>
  items.flatMap((item) => pick(item) ?? [])

const byId = <R extends { id: number }>(rows: readonly R[]) => new Map(rows.map((row) => [row.id, row]))

async function collectWork(db: Queries, items: readonly ClaimedItem[]): Promise<WorkFor> {
  const pools = byId(
    await poolsByIds(
      db,
      ids(items, (item) => item.poolId),
    ),
  )
  return (item) => {
    if (item.itemType === 'source') return { stage: 'collect', sourceId: item.gateRef, pool: null }
    const pool = pools.get(item.poolId ?? 0)
    return pool
      ? { stage: 'collect', sourceId: pool.source_id, pool: { remoteId: pool.remote_id, name: pool.name } }
      : null
  }
}

async function syncWork(db: Queries, items: readonly ClaimedItem[]): Promise<WorkFor> {
  const playlists = byId(
    await playlistsByIds(
      db,
      ids(items, (item) => item.playlistId),
    ),
  )
  return (item) => {
    const row = playlists.get(item.playlistId ?? 0)
    if (!row) return null
    const locator =
      row.locator_json === null ? null : (JSON.parse(row.locator_json) as Record<string, unknown>) // the adapter's own
    return {
      stage: 'sync',
      sourceId: row.source_id,
      playlist: {
        remoteId: row.remote_id,
        name: row.name,
        songCount: row.song_count,
        changeToken: row.change_token,
        locator,
      },
    }
  }
}

async function downloadWork(
  db: Queries,
  items: readonly ClaimedItem[],
  jobs: ReadonlyMap<number, Job>,
): Promise<WorkFor> {
  const songs = byId(
    await songsWithFile(
      db,
      ids(items, (item) => item.songId),
    ),
  )
  return (item) => {
    const row = songs.get(item.songId ?? 0)
    if (!row) return null
    const job = jobs.get(item.jobId)
    if (row.file_path !== null && job?.scope.mode === 'missing' && !isForced(item)) {
      return { needless: 'another job has brought it in the meantime' }
    }
    return {
      stage: 'download',
      song: songOf(row),
      downloadSources: job?.downloadSources ?? [],
      currentPath: row.file_path,
    }
  }
}

const isForced = ({ payload }: ClaimedItem): boolean => (payload as { force?: boolean }).force === true // by requeueItem

async function uploadWork(
  db: Queries,
  items: readonly ClaimedItem[],
  jobs: ReadonlyMap<number, Job>,
): Promise<WorkFor> {
  const files = byId(
    await filesByIds(
      db,
      ids(items, (item) => item.fileId),
    ),
  )
  return (item) => {
    const row = files.get(item.fileId ?? 0)
    if (!row) return null
    const { id, path, size, sha256 } = row
    const force = isForced(item) || jobs.get(item.jobId)?.scope.mode === 'all'
    return { stage: 'upload', backendId: item.gateRef, file: { id, path, size, sha256 }, force }
  }
}
