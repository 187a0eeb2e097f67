import {
  itemStatuses,
  stagesOf,
  type AttemptOutcome,
  type ItemStatus,
  type JobStatus,
  type JobType,
  type StageType,
} from '@catalogsync/contract'
import type { Database } from '../db/open.ts'
import { change, moveJob, type Change } from '../repositories/change.ts'
import { insertJob, jobRow } from '../repositories/jobs.ts'
import { insertStages, setStagePlanned, stagesOfJob } from '../repositories/stages.ts'

export interface JobGiven {
  /** Default `download_only`. */
  type?: JobType
  /** Default `running`. */
  status?: JobStatus
  /** How many items there are in each state. */
  items?: Partial<Record<ItemStatus, number>>
  /** The stage that they are in; default the job's first. */
  stage?: StageType
  /** Ids of the songs, playlists, files that the items are about, in the order of `items`; default 1, 2, 3 … */
  about?: number[]
  /** Default: yes, if there are items or the job has ended. */
  planned?: boolean
  /** Who holds the items that run; default `given`. */
  runner?: string
  /** Source or backend at whose gate the items wait; default `home`. */
  gateRef?: string
  now?: number
}

export interface JobMade {
  jobId: number
  stages: Partial<Record<StageType, number>>
  items: Record<ItemStatus, number[]>
}

/**
 * A job as the machine would have left it: counters, stages, attempts and events agree.
 * Throws if no job with such items can be in that state.
 */
export async function givenJob(database: Database, given: JobGiven = {}): Promise<JobMade> {
  const { type = 'download_only', status = 'running', now = 1_700_000_000_000 } = given
  const made = await change(database, now, async (c) => {
    const jobId = await insertJob(c.tx, plainJob(type), now)
    await insertStages(c.tx, jobId, stagesOf[type])
    c.emit('job_created', { job: jobId }, { jobType: type, by: null })
    const rows = await stagesOfJob(c.tx, jobId)
    const stage = rows.find((row) => row.stage_type === (given.stage ?? rows[0]?.stage_type))
    if (!stage) throw new Error(`a ${type} job has no ${given.stage} stage`)
    const items = await insertItems(c, { id: stage.id, jobId, type: stage.stage_type }, given)
    const some = itemStatuses.some((word) => items[word].length > 0)
    if (given.planned ?? (some || ends.has(status))) await setStagePlanned(c.tx, rows[0]?.id ?? 0, now)
    for (const to of wayTo[status]) await moveJob(c, jobId, to)
    c.touch(jobId)
    return { jobId, stages: Object.fromEntries(rows.map((row) => [row.stage_type, row.id])), items }
  })
  const became = (await jobRow(database.db, made.jobId))?.status
  const settledWithRunning = (status === 'canceled' || status === 'failed') && made.items.running.length > 0
  if (became !== status || settledWithRunning) {
    throw new Error(`no ${type} job with ${JSON.stringify(given.items ?? {})} is ${status}: it is ${became}`)
  }
  return made
}

const ends = new Set<JobStatus>(['completed', 'completed_with_errors'])

/** The moves that lead there; the last one may be made by the state of the items. */
const wayTo: Record<JobStatus, JobStatus[]> = {
  queued: [],
  running: ['running'],
  pause_requested: ['running', 'pause_requested'],
  paused: ['running', 'pause_requested'],
  cancel_requested: ['running', 'cancel_requested'],
  completed: ['running'],
  completed_with_errors: ['running'],
  failed: ['running', 'failed'],
  canceled: ['canceled'],
}

const plainJob = (jobType: JobType): Parameters<typeof insertJob>[1] => ({
  jobType,
  sources: ['home'],
  downloadSources: [],
  backends: [],
  scope: { mode: 'missing', playlists: [], songs: [] },
  priority: 0,
  snapshot: { library_root: '', download_sources: [], env_values: {} },
  requestedBy: null,
  idempotencyKey: null,
})

const itemOf = {
  collect: (n: number) => ({ item_type: 'pool', item_key: `pool:${n}`, playlist_pool_id: n }) as const,
  sync: (n: number) => ({ item_type: 'playlist', item_key: `playlist:${n}`, playlist_id: n }) as const,
  download: (n: number) => ({ item_type: 'song', item_key: `song:${n}`, song_id: n }) as const,
  upload: (n: number, gate: string) =>
    ({ item_type: 'file', item_key: `file:${n}@${gate}`, file_location_id: n }) as const,
}

/** The attempt that an item in this state has behind it. */
const attemptOf: Partial<Record<ItemStatus, AttemptOutcome>> = {
  succeeded: 'succeeded',
  skipped: 'skipped',
  failed: 'failed',
  canceled: 'canceled',
  interrupted: 'interrupted',
}

interface Stage {
  id: number
  jobId: number
  type: StageType
}

async function insertItems(c: Change, stage: Stage, given: JobGiven): Promise<JobMade['items']> {
  const items = Object.fromEntries(itemStatuses.map((status) => [status, []])) as unknown as JobMade['items'] // filled below
  let next = 0
  for (const status of itemStatuses) {
    for (let i = 0; i < (given.items?.[status] ?? 0); i++) {
      const about = given.about?.[next] ?? next + 1
      next++
      items[status].push(await insertItem(c, stage, status, about, given))
    }
  }
  const count = items.interrupted.length
  if (count > 0) {
    const payload = { runnerId: given.runner ?? 'given', count, resumed: false, reason: 'given' }
    c.emit('recovery_requeued', { job: stage.jobId }, payload)
  }
  return items
}

async function insertItem(c: Change, stage: Stage, status: ItemStatus, about: number, given: JobGiven) {
  const { runner = 'given', gateRef = 'home' } = given
  const outcome = attemptOf[status]
  const refunded = outcome === 'canceled' || outcome === 'interrupted' ? 1 : 0
  const held = { runner_id: runner, lease_token: `${runner}.1`, started_at: c.now }
  const facts = itemOf[stage.type](about, gateRef)
  const { id } = await c.tx
    .insertInto('job_items')
    .values({
      job_stage_id: stage.id,
      job_run_id: stage.jobId,
      stage_type: stage.type,
      gate_ref: gateRef,
      label: facts.item_key,
      ...facts,
      status,
      tries: outcome ? 1 : 0,
      attempts: outcome ? 1 - refunded : 0,
      ended_at: outcome ? c.now : null,
      ...(status === 'running' ? held : {}),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  c.count(stage.id, null, status)
  if (outcome)
    await insertAttempt(c, stage, { id, status, about, key: facts.item_key }, outcome, refunded, runner)
  return id
}

async function insertAttempt(
  c: Change,
  stage: Stage,
  item: { id: number; status: ItemStatus; about: number; key: string },
  outcome: AttemptOutcome,
  refunded: number,
  runner: string,
): Promise<void> {
  const worker = `${stage.type}-1`
  await c.tx
    .insertInto('job_item_attempts')
    .values({
      job_item_id: item.id,
      attempt_no: 1,
      runner_id: runner,
      worker,
      started_at: c.now,
      ended_at: c.now,
      outcome,
      refunded,
    })
    .execute()
  if (outcome === 'interrupted') return
  const subject = { job: stage.jobId, stage: stage.id, item: item.id }
  const { key, status, about } = item
  c.emit('item_settled', subject, { stageType: stage.type, key, outcome, status, attempt: 1, worker })
  if (outcome !== 'succeeded') return
  const file = { size: 0, sha256: '' }
  if (stage.type === 'sync') {
    c.emit('playlist_synced', subject, { playlistId: about, name: key, linked: 0, added: 0, removed: 0 })
  } else if (stage.type === 'download') {
    c.emit('file_published', subject, { songId: about, fileId: 0, path: key, ...file })
  } else if (stage.type === 'upload') {
    c.emit('object_stored', subject, { fileId: about, backend: backendOf(key), key, ...file })
  }
}

/** `file:1@nas` → `nas` */
const backendOf = (key: string): string => key.slice(key.indexOf('@') + 1)
