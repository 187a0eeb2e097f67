import type { CatalogEvent, EventKind, EventPayloads } from '@catalogsync/contract'
import type { Selectable } from 'kysely'
import type { Queries, Tx } from '../db/open.ts'
import type { JobEventsTable } from '../db/tables.ts'

/** What an event is about. */
export interface EventSubject {
  job?: number | null
  stage?: number | null
  item?: number | null
}

export interface NewEvent {
  kind: EventKind
  about: EventSubject
  payload: EventPayloads[EventKind]
}

// SQLite allows 32,766 parameters a statement; seven columns a row.
const rowsPerInsert = 500

/**
 * Numbers and writes the events of a transaction, as its last write.
 * Ids are a safe cursor: the sequence's row is locked from here to the commit, so no lower id appears later.
 */
export async function insertEvents(tx: Tx, now: number, events: readonly NewEvent[]): Promise<void> {
  if (events.length === 0) return
  const { last_id } = await tx
    .updateTable('event_seq')
    .set((eb) => ({ last_id: eb('last_id', '+', events.length) }))
    .where('id', '=', 1)
    .returning('last_id')
    .executeTakeFirstOrThrow()
  let id = last_id - events.length
  const rows = events.map(({ kind, about, payload }) => ({
    id: ++id,
    at: now,
    kind,
    job_run_id: about.job ?? null,
    job_stage_id: about.stage ?? null,
    job_item_id: about.item ?? null,
    payload_json: JSON.stringify(payload),
  }))
  for (let i = 0; i < rows.length; i += rowsPerInsert) {
    await tx
      .insertInto('job_events')
      .values(rows.slice(i, i + rowsPerInsert))
      .execute()
  }
}

/** Where the stream of events stands: the epoch changes when a database is restored. */
export async function eventCursor(db: Queries): Promise<{ epoch: string; lastId: number }> {
  const row = await db.selectFrom('event_seq').select(['epoch', 'last_id']).executeTakeFirstOrThrow()
  return { epoch: row.epoch, lastId: row.last_id }
}

/** The events behind a cursor, oldest first. */
export async function eventsAfter(
  db: Queries,
  after: number,
  limit: number,
  jobId?: number,
): Promise<CatalogEvent[]> {
  const rows = await db
    .selectFrom('job_events')
    .selectAll()
    .where('id', '>', after)
    .$if(jobId !== undefined, (q) => q.where('job_run_id', '=', jobId as number)) // checked just before
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map(eventOf)
}

/** The events before a cursor, or the last ones without it; newest first. */
export async function eventsBefore(
  db: Queries,
  before: number | null,
  limit: number,
  jobId?: number,
): Promise<CatalogEvent[]> {
  let query = db.selectFrom('job_events').selectAll().orderBy('id', 'desc').limit(limit)
  if (before !== null) query = query.where('id', '<', before)
  if (jobId !== undefined) query = query.where('job_run_id', '=', jobId)
  return (await query.execute()).map(eventOf)
}

function eventOf(row: Selectable<JobEventsTable>): CatalogEvent {
  return {
    id: row.id,
    at: row.at,
    kind: row.kind,
    jobRunId: row.job_run_id,
    stageId: row.job_stage_id,
    itemId: row.job_item_id,
    payload: JSON.parse(row.payload_json) as CatalogEvent['payload'],
  } as CatalogEvent // written by insertEvents with the payload of its kind
}
