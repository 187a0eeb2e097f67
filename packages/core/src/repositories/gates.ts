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
  /** A full disk: the free bytes that open it again. null: something else. */
  neededBytes?: number | null
}

export function closedGates(db: Queries): Promise<GateRow[]> {
  return db.selectFrom('gates').selectAll().execute()
}

/**
 * Closes a gate, or keeps it closed for a new reason. Items that were under way when it closed may fail of
 * the same cause: they neither shorten the wait nor end the probe.
 * @param byProbe the item that tells was the gate's probe: one strike more
 */
export async function closeGate(c: Change, gate: GateClosing, byProbe: boolean): Promise<void> {
  const { kind, ref, reason, neededBytes = null } = gate
  const before = await c.tx
    .selectFrom('gates')
    .selectAll()
    .where('kind', '=', kind)
    .where('ref', '=', ref)
    .executeTakeFirst()
  if (!before) {
    const facts = {
      kind,
      ref,
      reason,
      failure_class: gate.class,
      closed_until: gate.until,
      needed_bytes: neededBytes,
    }
    const fresh = { ...facts, probe_item_id: null, strikes: 0, closed_at: c.now }
    await c.tx.insertInto('gates').values(fresh).execute()
  } else {
    // Whoever needs most decides, and the others need not be told apart.
    if (before.needed_bytes !== null && neededBytes !== null && neededBytes <= before.needed_bytes) return
    const until = byProbe ? gate.until : laterOf(before.closed_until, gate.until)
    const sameCause = reason === before.reason && neededBytes === before.needed_bytes
    if (!byProbe && until === before.closed_until && (until !== gate.until || sameCause)) return
    await c.tx
      .updateTable('gates')
      .set({
        reason,
        failure_class: gate.class,
        closed_until: until,
        needed_bytes: neededBytes,
        ...(byProbe ? { probe_item_id: null, strikes: before.strikes + 1 } : {}),
      })
      .where('kind', '=', kind)
      .where('ref', '=', ref)
      .execute()
    if (!byProbe && reason === before.reason) return
  }
  c.emit('gate_closed', {}, { gate: kind, ref, class: gate.class, reason, until: gate.until })
}

/** null: until what closed it has gone, which no time is later than. */
function laterOf(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : Math.max(a, b)
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
