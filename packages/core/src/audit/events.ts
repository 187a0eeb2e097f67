import type { EventKind } from '@catalogsync/contract'
import { sql } from 'kysely'
import { eventCursor } from '../repositories/events.ts'
import { pages, type AuditContext, type Check } from './check.ts'

const kinds: Record<EventKind, true> = {
  job_created: true,
  job_status: true,
  stage_status: true,
  items_planned: true,
  items_started: true,
  item_settled: true,
  item_requeued: true,
  item_held: true,
  item_released: true,
  command_ended: true,
  recovery_requeued: true,
  playlist_synced: true,
  file_published: true,
  object_stored: true,
  gate_closed: true,
  gate_opened: true,
  runner_started: true,
  runner_stopped: true,
}

interface EventRow {
  id: number
  kind: string
  readable: 0 | 1
  /** 0: it tells of an attempt that there is not, or of another end of it. */
  attempted: 0 | 1
}

/**
 * Ids have no gap from the first kept one to the last given one (retention takes only a prefix), every
 * event can be read, and each end of an attempt that was told is the end that was written down.
 */
export const events: Check = async (ctx) => {
  const { database, report, signal } = ctx
  // What is committed later has higher ids: up to here nothing is still on its way.
  const { lastId } = await eventCursor(database.db)
  let previous: number | null = null
  for await (const page of pages(signal, (after) => readPage(ctx, after, lastId))) {
    report.checked('events', page.length)
    for (const { id, kind, readable, attempted } of page) {
      if (previous !== null && id !== previous + 1) {
        const facts = { after: previous, before: id }
        report.violation('events', `events ${previous + 1} to ${id - 1} are missing`, facts)
      }
      previous = id
      if (!Object.hasOwn(kinds, kind))
        report.violation('events', `event ${id} is of the unknown kind "${kind}"`, { event: id })
      if (!readable)
        report.violation('events', `the payload of event ${id} is not a JSON object`, { event: id })
      else if (!attempted)
        report.violation('told', `event ${id} tells of an attempt that was not made so`, { event: id })
    }
  }
  await judgeEnd(ctx)
}

const pageSize = 5_000

async function readPage({ database }: AuditContext, after: number, lastId: number): Promise<EventRow[]> {
  const { rows } = await sql<EventRow>`
    with page as (
      select id, kind, job_item_id, payload_json,
        coalesce(json_type(case when json_valid(payload_json) then payload_json end) = 'object', 0) as readable
      from job_events where id > ${after} and id <= ${lastId} order by id limit ${pageSize})
    select p.id, p.kind, p.readable,
      case when p.kind <> 'item_settled' or not p.readable then 1
        else exists (select 1 from job_item_attempts a where a.job_item_id = p.job_item_id
          and a.attempt_no = json_extract(p.payload_json, '$.attempt')
          and a.outcome = json_extract(p.payload_json, '$.outcome')) end as attempted
    from page p order by p.id`.execute(database.db)
  return rows
}

async function judgeEnd({ database, report }: AuditContext): Promise<void> {
  const { rows } = await sql<{ newest: number | null; last_id: number }>`
    select (select max(id) from job_events) as newest, last_id from event_seq`.execute(database.db)
  const [end] = rows
  if (!end) return report.violation('events', 'the row that numbers the events is missing')
  const { newest, last_id: last } = end
  const facts = { newest, last }
  if (newest === null) {
    if (last > 0) report.notice('events', `no events are kept; the last one was ${last}`, facts)
  } else if (newest > last) {
    report.violation('events', `event ${newest} lies behind the last given number ${last}`, facts)
  } else if (newest < last) {
    report.violation('events', `events ${newest + 1} to ${last} are missing`, facts)
  }
}
