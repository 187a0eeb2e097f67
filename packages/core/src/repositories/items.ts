import type {
  AttemptOutcome,
  FailureClass,
  ItemStatus,
  ItemType,
  ItemView,
  Page,
  StageType,
} from '@catalogsync/contract'
import { sql, type Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import { literals, rowsAs } from '../db/sqlite/rows.ts'
import type { JobItemsTable } from '../db/tables.ts'

export type ItemRow = Selectable<JobItemsTable>

declare const claimed: unique symbol
/** An item with the lease that it is held under: claimed here, or left behind by a runner that died. */
export interface ClaimedItem {
  readonly [claimed]: true
  id: number
  stageId: number
  jobId: number
  stageType: StageType
  itemType: ItemType
  key: string
  gateRef: string
  label: string
  poolId: number | null
  playlistId: number | null
  songId: number | null
  fileId: number | null
  payload: unknown
  /** What the work was planned on; the row's changes when that does. */
  inputHash: string
  /** Attempts used up before this one. */
  attempts: number
  /** The number of this attempt. */
  attempt: number
  lease: string
  startedAt: number
}

/** `available_at` of an item that waits for no time, only in line: small numbers come first. */
export const placeInLine = (tries: number): number => Math.min(1 + tries, lastInLine)

/** Is this `available_at` a time, and not a place in line? */
export const isTime = (availableAt: number): boolean => availableAt > lastInLine

const lastInLine = 1_000_000

export interface Claim {
  stageId: number
  gateRef: string
  limit: number
  runnerId: string
  lease: string
  now: number
}

/**
 * Takes the next items of a stage at one open gate, oldest in line first; an item whose key runs in
 * another job stays in line.
 */
export async function claimItems(tx: Tx, claim: Claim): Promise<ClaimedItem[]> {
  const rows = await tx
    .updateTable('job_items')
    .set({
      status: 'running',
      runner_id: claim.runnerId,
      lease_token: claim.lease,
      started_at: claim.now,
      ended_at: null,
    })
    .where(
      'id',
      'in',
      tx
        .selectFrom('job_items as next')
        .select('next.id')
        .where('next.job_stage_id', '=', claim.stageId)
        .where('next.gate_ref', '=', claim.gateRef)
        .where('next.status', '=', sql.lit('pending'))
        .where('next.available_at', '<=', claim.now)
        .where(({ not, exists, selectFrom }) =>
          not(
            exists(
              selectFrom('job_items as other')
                .select('other.id')
                .whereRef('other.stage_type', '=', 'next.stage_type')
                .whereRef('other.item_key', '=', 'next.item_key')
                .where('other.status', '=', sql.lit('running')),
            ),
          ),
        )
        .orderBy('next.available_at')
        .orderBy('next.id')
        .limit(claim.limit),
    )
    .returningAll()
    .execute()
  return rows
    .sort((a, b) => a.available_at - b.available_at || a.id - b.id)
    .map((row) => claimedItem(row, claim))
}

function claimedItem(row: ItemRow, lease: { lease: string | null; now: number | null }): ClaimedItem {
  return {
    id: row.id,
    stageId: row.job_stage_id,
    jobId: row.job_run_id,
    stageType: row.stage_type,
    itemType: row.item_type,
    key: row.item_key,
    gateRef: row.gate_ref,
    label: row.label,
    poolId: row.playlist_pool_id,
    playlistId: row.playlist_id,
    songId: row.song_id,
    fileId: row.file_location_id,
    payload: JSON.parse(row.payload_json),
    inputHash: row.input_hash,
    attempts: row.attempts,
    attempt: row.tries + 1,
    lease: lease.lease ?? '',
    startedAt: lease.now ?? 0,
  } as ClaimedItem // the brand: this is the one place that makes it
}

/** When the next item of a stage at a gate comes due, if it only waits for its time. */
export async function nextDueAt(
  db: Queries,
  stageId: number,
  gateRef: string,
  now: number,
): Promise<number | null> {
  const row = await db
    .selectFrom('job_items')
    .select('available_at')
    .where('job_stage_id', '=', stageId)
    .where('gate_ref', '=', gateRef)
    .where('status', '=', sql.lit('pending'))
    .where('available_at', '>', now)
    .orderBy('available_at')
    .limit(1)
    .executeTakeFirst()
  return row?.available_at ?? null
}

/** Which of these items are still held under the lease that they were claimed with, and their input now. */
export async function heldLeases(
  db: Queries,
  items: readonly { id: number; lease: string }[],
): Promise<Map<number, string>> {
  const rows = await db
    .selectFrom('job_items')
    .innerJoin(
      rowsAs(
        items.map(({ id, lease }) => ({ id, lease })),
        ['id', 'lease'],
      ).as<'held'>(sql.ref('held')),
      (join) => join.onRef('held.id', '=', 'job_items.id').onRef('held.lease', '=', 'job_items.lease_token'),
    )
    .select(['job_items.id', 'job_items.input_hash'])
    .where('job_items.status', '=', sql.lit('running'))
    .execute()
  return new Map(rows.map((row) => [row.id, row.input_hash]))
}

/** How an item leaves `running`, with the attempt that it was. */
export interface Settlement {
  id: number
  lease: string
  status: Exclude<ItemStatus, 'running' | 'held'>
  outcome: AttemptOutcome
  /** 1 if the attempt counts, 0 if it is refunded. */
  used: 0 | 1
  class: FailureClass | null
  reason: string | null
  reasonKey: string | null
  result: unknown
  availableAt: number
  runnerId: string
  worker: string
  startedAt: number
  /** Library file that came out of it. */
  fileId: number | null
}

/**
 * Writes the new states and the attempts. Only items whose lease still holds are moved; the others
 * were moved by someone else, and their outcome is dropped.
 * @returns the ids that were moved, with the number of the attempt
 */
export async function settleItems(
  tx: Tx,
  settlements: readonly Settlement[],
  now: number,
): Promise<Map<number, number>> {
  if (settlements.length === 0) return new Map()
  const rows = settlements.map((s) => ({
    id: s.id,
    lease: s.lease,
    status: s.status,
    used: s.used,
    class: s.class,
    reason: s.reason,
    reason_key: s.reasonKey,
    result: s.result === undefined || s.result === null ? null : JSON.stringify(s.result),
    available_at: s.availableAt,
    worker: s.worker,
    file_id: s.fileId,
    ended_at: s.status === 'pending' ? null : now,
  }))
  const values = rowsAs(rows, [
    'id',
    'lease',
    'status',
    'used',
    'class',
    'reason',
    'reason_key',
    'result',
    'available_at',
    'worker',
    'file_id',
    'ended_at',
  ])
  const moved = await tx
    .updateTable('job_items')
    .from(values.as<'v'>(sql.ref('v')))
    .set({
      status: sql`v.status`,
      attempts: sql`attempts + v.used`,
      tries: sql`tries + 1`,
      failure_class: sql`v.class`,
      last_error: sql`v.reason`,
      reason_key: sql`v.reason_key`,
      // What was forced has been done once; later turns of the item are ordinary ones.
      payload_json: sql`case when v.status in ('succeeded', 'skipped')
        then json_remove(job_items.payload_json, '$.force') else job_items.payload_json end`,
      result_json: sql`coalesce(v.result, result_json)`,
      available_at: sql`v.available_at`,
      worker_id: sql`v.worker`,
      file_location_id: sql`coalesce(v.file_id, job_items.file_location_id)`,
      ended_at: sql`v.ended_at`,
      runner_id: null,
      lease_token: null,
    })
    .whereRef('job_items.id', '=', sql.ref('v.id'))
    .where('job_items.status', '=', sql.lit('running'))
    .whereRef('job_items.lease_token', '=', sql.ref('v.lease'))
    .returning(['job_items.id', 'job_items.tries'])
    .execute()
  const attemptOf = new Map(moved.map((row) => [row.id, row.tries]))
  await insertAttempts(tx, settlements, attemptOf, now)
  return attemptOf
}

async function insertAttempts(
  tx: Tx,
  settlements: readonly Settlement[],
  attemptOf: ReadonlyMap<number, number>,
  now: number,
): Promise<void> {
  const rows = settlements.flatMap((s) => {
    const attempt_no = attemptOf.get(s.id)
    if (attempt_no === undefined) return []
    return {
      job_item_id: s.id,
      attempt_no,
      runner_id: s.runnerId,
      worker: s.worker,
      started_at: s.startedAt,
      ended_at: now,
      outcome: s.outcome,
      failure_class: s.class,
      reason: s.reason,
      reason_key: s.reasonKey,
      refunded: 1 - s.used,
    }
  })
  const perInsert = 500
  for (let i = 0; i < rows.length; i += perInsert) {
    await tx
      .insertInto('job_item_attempts')
      .values(rows.slice(i, i + perInsert))
      .execute()
  }
}

/** Every item that a runner holds, under the leases that it holds them by. */
export async function itemsOfRunner(db: Queries, runnerId: string): Promise<ClaimedItem[]> {
  const rows = await db
    .selectFrom('job_items')
    .selectAll()
    .where('runner_id', '=', runnerId)
    .where('status', '=', sql.lit('running'))
    .execute()
  return rows.map((row) => claimedItem(row, { lease: row.lease_token, now: row.started_at }))
}

export function itemRow(db: Queries, id: number): Promise<ItemRow | undefined> {
  return db.selectFrom('job_items').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Puts an item back in line in front of all others, with a clean sheet. @returns false if it has moved on. */
export async function requeueItem(tx: Tx, item: ItemRow, force: boolean): Promise<boolean> {
  const payload = { ...(JSON.parse(item.payload_json) as object), ...(force ? { force: true } : {}) }
  const row = await tx
    .updateTable('job_items')
    .set({
      status: 'pending',
      attempts: 0,
      available_at: 0,
      ended_at: null,
      failure_class: null,
      reason_key: null,
      last_error: null,
      payload_json: JSON.stringify(payload),
    })
    .where('id', '=', item.id)
    .where('status', '=', item.status)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Parks an item, or puts a parked one back. Ended times are kept in line with the state. @returns false if it has moved on */
export async function moveParked(
  tx: Tx,
  item: ItemRow,
  to: Extract<ItemStatus, 'held' | 'pending'>,
): Promise<boolean> {
  const row = await tx
    .updateTable('job_items')
    .set({ status: to, ended_at: null, ...(to === 'pending' ? { attempts: 0, available_at: 1 } : {}) })
    .where('id', '=', item.id)
    .where('status', '=', item.status)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

/** Puts the interrupted items of a job back in line. @returns how many, by stage */
export async function requeueInterrupted(tx: Tx, jobId: number): Promise<Map<number, number>> {
  const rows = await tx
    .updateTable('job_items')
    .set({ status: 'pending', available_at: 1, ended_at: null })
    .where('job_run_id', '=', jobId)
    .where('status', '=', sql.lit('interrupted'))
    .returning('job_stage_id')
    .execute()
  const byStage = new Map<number, number>()
  for (const row of rows) byStage.set(row.job_stage_id, (byStage.get(row.job_stage_id) ?? 0) + 1)
  return byStage
}

/** Songs of a job whose download was begun and not ended: they may have partial bytes on the disk. */
export async function songsBegun(db: Queries, jobId: number): Promise<number[]> {
  const rows = await db
    .selectFrom('job_items')
    .select('song_id')
    .where('job_run_id', '=', jobId)
    .where('stage_type', '=', 'download')
    .where('status', 'in', ['pending', 'interrupted', 'canceled'])
    .where('started_at', 'is not', null)
    .execute()
  return rows.flatMap((row) => (row.song_id === null ? [] : [row.song_id]))
}

/** Which of these songs are being downloaded right now, in any job. */
export async function songsRunning(db: Queries, songIds: readonly number[]): Promise<Set<number>> {
  const keys = sql<string>`(select 'song:' || value from json_each(${JSON.stringify(songIds)}))`
  const rows = await db
    .selectFrom('job_items')
    .select('song_id')
    .where('stage_type', '=', sql.lit('download'))
    .where('item_key', 'in', keys)
    .where('status', '=', sql.lit('running'))
    .execute()
  return new Set(rows.flatMap((row) => row.song_id ?? []))
}

export interface ItemFilter {
  status?: ItemStatus | undefined
  stage?: StageType | undefined
  after?: number | null | undefined
  limit?: number | undefined
}

/** The items of a job in order of their ids. */
export async function listItems(
  db: Queries,
  jobId: number,
  filter: ItemFilter = {},
): Promise<Page<ItemView>> {
  const limit = filter.limit ?? 100
  let query = db
    .selectFrom('job_items')
    .selectAll()
    .where('job_run_id', '=', jobId)
    .orderBy('id')
    .limit(limit)
  if (filter.after != null) query = query.where('id', '>', filter.after)
  if (filter.status) query = query.where('status', 'in', literals([filter.status]))
  if (filter.stage) query = query.where('stage_type', '=', filter.stage)
  const rows = await query.execute()
  return { rows: rows.map(itemView), next: rows.length === limit ? (rows.at(-1)?.id ?? null) : null }
}

export function itemView(row: ItemRow): ItemView {
  return {
    id: row.id,
    jobRunId: row.job_run_id,
    stageId: row.job_stage_id,
    stageType: row.stage_type,
    itemType: row.item_type,
    key: row.item_key,
    place: row.gate_ref,
    label: row.label,
    status: row.status,
    attempts: row.attempts,
    worker: row.worker_id,
    class: row.failure_class,
    reason: row.last_error,
    availableAt: isTime(row.available_at) ? row.available_at : null,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    result: row.result_json === null ? null : JSON.parse(row.result_json),
  }
}
