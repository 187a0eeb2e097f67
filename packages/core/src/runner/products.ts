import type { StageType } from '@catalogsync/contract'
import type { Product } from '../executors/outcome.ts'
import { pathKey } from '../library/file-names.ts'
import type { Change } from '../repositories/change.ts'
import { setObject, setSongFile } from '../repositories/files.ts'
import type { Job } from '../repositories/jobs.ts'
import {
  planFiles,
  planFilesOfPlaylist,
  planPlaylistsOfPool,
  planPools,
  planSongsOfPlaylist,
  type StageRef,
} from '../repositories/planning.ts'
import { markCollected, setPlaylistSongs, setPoolPlaylists, upsertPools } from '../repositories/playlists.ts'
import { songsWithFile } from '../repositories/songs.ts'
import { stagesOfJob, type StageRow } from '../repositories/stages.ts'
import type { Prepared } from './prepare.ts'

export interface Taken {
  result: Record<string, unknown>
  fileId: number | null
  replacedPath: string | null
}

const nothing = { fileId: null, replacedPath: null }

/** Writes what an item brought into the catalog, and plans what follows from it in the job's next stages. */
export async function takeProduct(
  c: Change,
  prepared: Prepared,
  job: Job,
  stagesOf: StagesByJob,
): Promise<Taken | null> {
  const { item, outcome } = prepared.finished
  if (outcome.kind === 'skipped' && item.stageType === 'download') await planCopy(c, item, job, stagesOf)
  if (outcome.kind !== 'done') return null
  const stages = await stagesOf(job.id)
  const stage = (type: StageType): StageRef | null => stages.find((ref) => ref.stageType === type) ?? null
  const takers = {
    pools: takePools,
    playlists: takePlaylists,
    entries: takeEntries,
    file: takeFile,
    object: takeObject,
  } satisfies { [K in Product['kind']]: Taker<K> }
  const taker = takers[outcome.product.kind] as Taker<Product['kind']> // the kind picks its own taker
  return taker({ c, prepared, item, job, product: outcome.product, stage })
}

export type StagesByJob = (jobId: number) => Promise<StageRef[]>

/** The stages of jobs, each job's read once: they are the same for a whole group. */
export function stagesByJob(c: Change): StagesByJob {
  const known = new Map<number, Promise<StageRef[]>>()
  return (jobId) => {
    const read = known.get(jobId) ?? stagesOfJob(c.tx, jobId).then((rows) => rows.map(refOf))
    known.set(jobId, read)
    return read
  }
}

const refOf = (row: StageRow): StageRef => ({ id: row.id, jobId: row.job_run_id, stageType: row.stage_type })

/** A song that has its file already may still lack its copy. */
async function planCopy(
  c: Change,
  item: Prepared['finished']['item'],
  job: Job,
  stagesOf: StagesByJob,
): Promise<void> {
  const upload = (await stagesOf(job.id)).find((ref) => ref.stageType === 'upload')
  const [song] = upload && item.songId !== null ? await songsWithFile(c.tx, [item.songId]) : []
  if (upload && song?.file_location_id) await planFiles(c, upload, job, [song.file_location_id])
}

interface Taking<K extends Product['kind']> {
  c: Change
  prepared: Prepared
  item: Prepared['finished']['item']
  job: Job
  product: Extract<Product, { kind: K }>
  stage: (type: StageType) => StageRef | null
}
type Taker<K extends Product['kind']> = (taking: Taking<K>) => Promise<Taken>

const takePools: Taker<'pools'> = async ({ c, item, product, stage }) => {
  const ids = await upsertPools(c.tx, item.gateRef, product.listing.entries)
  await markCollected(c.tx, item.gateRef, c.now)
  const collect = stage('collect')
  if (collect) await planPools(c, collect, ids)
  return { result: { pools: ids.length, complete: product.listing.complete }, ...nothing }
}

const takePlaylists: Taker<'playlists'> = async ({ c, item, job, product, stage }) => {
  const { entries, complete } = product.listing
  const pool = { id: item.poolId ?? 0, sourceId: item.gateRef }
  await setPoolPlaylists(c.tx, pool, entries, complete, c.now)
  const sync = stage('sync')
  if (sync) await planPlaylistsOfPool(c, sync, job, pool.id)
  return { result: { playlists: entries.length, complete }, ...nothing }
}

const takeEntries: Taker<'entries'> = async ({ c, prepared, item, job, product, stage }) => {
  const { complete, changeToken, unavailable } = product.listing
  const playlistId = item.playlistId ?? 0
  const token = { token: changeToken, now: c.now }
  const change = await setPlaylistSongs(c.tx, playlistId, prepared.songIds ?? [], complete, token)
  c.emit(
    'playlist_synced',
    { job: job.id, stage: item.stageId, item: item.id },
    { playlistId, name: item.label, ...change },
  )
  const download = stage('download')
  const upload = stage('upload')
  const planned = download ? await planSongsOfPlaylist(c, download, job, playlistId) : { added: 0 }
  if (upload) await planFilesOfPlaylist(c, upload, job, playlistId)
  const { linked, added, removed } = change
  const result = {
    linked_count: linked,
    added,
    removed,
    to_download: planned.added,
    complete,
    unavailable: unavailable.slice(0, namedUnavailable),
    unavailable_count: unavailable.length,
  }
  return { result, ...nothing }
}

/** So many lines that cannot be used are kept by name; all are counted. */
const namedUnavailable = 100

const takeFile: Taker<'file'> = async ({ c, prepared, item, job, product, stage }) => {
  const { published } = prepared
  if (!published) throw new Error(`item ${item.id} is settled as a file before it was published`)
  const { size, sha256, container, durationMs } = product.file
  const { path, mtimeMs } = published
  const songId = item.songId ?? 0
  const file = {
    path,
    pathKey: pathKey(path),
    size,
    sha256,
    mtimeMs: Math.round(mtimeMs),
    container,
    durationMs,
  }
  const { fileId, replacedPath } = await setSongFile(c.tx, songId, file, c.now)
  c.emit(
    'file_published',
    { job: job.id, stage: item.stageId, item: item.id },
    { songId, fileId, path, size, sha256 },
  )
  const upload = stage('upload')
  if (upload) await planFiles(c, upload, job, [fileId])
  return { result: { path, size, sha256 }, fileId, replacedPath }
}

const takeObject: Taker<'object'> = async ({ c, item, job, product }) => {
  const { key, size, etag } = product.object
  const { sha256 } = product
  const fileId = item.fileId ?? 0
  const backendId = item.gateRef
  await setObject(c.tx, { fileId, backendId, key, keyKey: pathKey(key), size, sha256, etag }, c.now)
  c.emit(
    'object_stored',
    { job: job.id, stage: item.stageId, item: item.id },
    { fileId, backend: backendId, key, size, sha256 },
  )
  return {
    result: { key, size, sha256, already_there: product.alreadyThere },
    fileId: null,
    replacedPath: null,
  }
}
