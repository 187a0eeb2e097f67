import type { FailureClass, GateKind, GateView } from '@catalogsync/contract'
import type { Selectable } from 'kysely'
import type { Queries } from '../db/open.ts'
import type { GatesTable } from '../db/tables.ts'
import type { Change } from './change.ts'

export type GateRow = Selectable<GatesTable>

export interface GateClosing {
  kind: GateKind
  ref: string
  class: FailureClass | null
  reason: string
  /** ms since the epoch; null: until what closed it has gone. */
  until: number | null
}

export function closedGates(db: Queries): Promise<GateRow[]> {
  return db.selectFrom('gates').selectAll().execute()
}

/** Closes a gate, or keeps it closed for a new reason; a failed probe is one strike more. */
export async function closeGate(c: Change, gate: GateClosing): Promise<void> {
  const before = await c.tx
    .selectFrom('gates')
    .selectAll()
    .where('kind', '=', gate.kind)
    .where('ref', '=', gate.ref)
    .executeTakeFirst()
  const next = {
    reason: gate.reason,
    failure_class: gate.class,
    closed_until: gate.until,
    probe_item_id: null,
  }
  if (before) {
    // Items that were under way when it closed fail for the same cause: that is no new fact.
    const probeFailed = before.probe_item_id !== null
    const { reason, closed_until } = before
    if (!probeFailed && reason === gate.reason && closed_until === gate.until) return
    await c.tx
      .updateTable('gates')
      .set({ ...next, strikes: before.strikes + (probeFailed ? 1 : 0) })
      .where('kind', '=', gate.kind)
      .where('ref', '=', gate.ref)
      .execute()
    if (!probeFailed && reason === gate.reason) return
  } else {
    await c.tx
      .insertInto('gates')
      .values({ kind: gate.kind, ref: gate.ref, ...next, strikes: 0, closed_at: c.now })
      .execute()
  }
  const { kind, ref, reason, until } = gate
  c.emit('gate_closed', {}, { gate: kind, ref, class: gate.class, reason, until })
}

export async function openGate(c: Change, kind: GateKind, ref: string, reason: string): Promise<void> {
  const row = await c.tx
    .deleteFrom('gates')
    .where('kind', '=', kind)
    .where('ref', '=', ref)
    .returning('kind')
    .executeTakeFirst()
  if (row) c.emit('gate_opened', {}, { gate: kind, ref, reason })
}

export async function setProbe(c: Change, gate: GateRow, itemId: number | null): Promise<void> {
  await c.tx
    .updateTable('gates')
    .set({ probe_item_id: itemId })
    .where('kind', '=', gate.kind)
    .where('ref', '=', gate.ref)
    .execute()
}

export function gateView(row: GateRow): GateView {
  return {
    kind: row.kind,
    ref: row.ref,
    reason: row.reason,
    class: row.failure_class,
    closedUntil: row.closed_until,
    since: row.closed_at,
  }
}

/** The gate's time is up: the next claim lets one item through. */
export async function retryGateNow(c: Change, gate: GateRow): Promise<void> {
  await c.tx
    .updateTable('gates')
    .set({ closed_until: c.now, probe_item_id: null })
    .where('kind', '=', gate.kind)
    .where('ref', '=', gate.ref)
    .execute()
}
