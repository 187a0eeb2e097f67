import type { JobStatus, StageType } from '@catalogsync/contract'
import { reasonKey } from '../executors/classify.ts'
import type { Outcome } from '../executors/outcome.ts'
import type { Change } from '../repositories/change.ts'
import { closeGate, openGate, setProbe, type GateRow } from '../repositories/gates.ts'
import {
  heldLeases,
  isTime,
  placeInLine,
  settleItems,
  type ClaimedItem,
  type Settlement,
} from '../repositories/items.ts'
import type { Job } from '../repositories/jobs.ts'
import { clearJournal } from '../repositories/journal.ts'
import { insertLogs } from '../repositories/logs.ts'
import { backoffMs } from './backoff.ts'
import { stagesByJob, takeProduct } from './products.ts'
import type { Prepared } from './prepare.ts'

export interface SettleContext {
  runnerId: string
  jobs: ReadonlyMap<number, Job>
  gates: readonly GateRow[]
  retry: { attempts: number; baseMs: number; maxMs: number }
  random: () => number
}

/** What the settles leave to be done on disk after the commit. */
export interface Aftermath {
  /** Library paths that a song's new file has taken the place of. */
  replacedPaths: string[]
  /** Songs whose partial bytes nobody will finish. */
  abandonedSongs: number[]
  /** Jobs that were just canceled: what they had begun before is of no use either. */
  canceledJobs: number[]
}

/**
 * Settles a group of outcomes: states, attempts, catalog, follow-ups, gates and events together.
 * An outcome whose lease is no longer held is dropped: somebody else has moved the item.
 */
export async function settle(c: Change, group: readonly Prepared[], ctx: SettleContext): Promise<Aftermath> {
  const aftermath: Aftermath = { replacedPaths: [], abandonedSongs: [], canceledJobs: [] }
  const held = await heldLeases(
    c.tx,
    group.map(({ finished }) => finished.item),
  )
  const stageOf = stagesByJob(c)
  const settlements: Settlement[] = []
  for (const prepared of group) {
    const { item, worker, outcome } = prepared.finished
    if (!held.has(item.id)) continue
    const job = ctx.jobs.get(item.jobId)
    const told = endOf(outcome, item, job?.status ?? 'running', ctx, c.now)
    const taken = job ? await takeProduct(c, prepared, job, stageOf) : null
    const end = held.get(item.id) === item.inputHash ? told : onceMore(told)
    if (taken?.replacedPath) aftermath.replacedPaths.push(taken.replacedPath)
    if (isAbandoned(item, end) && item.songId !== null) aftermath.abandonedSongs.push(item.songId)
    await moveGates(c, outcome, item.id, ctx.gates, c.now)
    const class_ = end.class
    settlements.push({
      id: item.id,
      lease: item.lease,
      ...end,
      reasonKey: class_ && end.reason ? reasonKey(item.stageType, item.gateRef, class_, end.reason) : null,
      result: taken?.result ?? null,
      runnerId: ctx.runnerId,
      worker,
      startedAt: item.startedAt,
      fileId: taken?.fileId ?? null,
    })
  }
  await clearJournal(
    c.tx,
    settlements.map((s) => s.id),
  )
  const attempts = await settleItems(c.tx, settlements, c.now)
  tell(c, group, settlements, attempts)
  await insertLogs(
    c.tx,
    group.flatMap(({ finished }) => finished.logs),
  )
  return aftermath
}

/** A retry of a failed download begins anew, so its bytes would only lie about. */
function isAbandoned(item: ClaimedItem, end: End): boolean {
  return item.stageType === 'download' && (end.status === 'canceled' || end.status === 'failed')
}

type End = Pick<Settlement, 'status' | 'outcome' | 'used' | 'class' | 'reason' | 'availableAt'>

/** Which state an outcome leads to. Retries that wait at a gate use up nothing. */
function endOf(outcome: Outcome, item: ClaimedItem, job: JobStatus, ctx: SettleContext, now: number): End {
  const plain = { used: 1, class: null, reason: null, availableAt: 1 } as const
  switch (outcome.kind) {
    case 'done':
      return { ...plain, status: 'succeeded', outcome: 'succeeded' }
    case 'skipped':
      return { ...plain, status: 'skipped', outcome: 'skipped', reason: outcome.reason }
    case 'failed':
      return { ...plain, status: 'failed', outcome: 'failed', class: outcome.class, reason: outcome.reason }
    case 'released':
      return job === 'cancel_requested'
        ? { ...plain, status: 'canceled', outcome: 'canceled', used: 0 }
        : { ...plain, status: 'pending', outcome: 'released', used: 0 }
    case 'retry':
      return retryEnd(outcome, item, ctx, now)
  }
}

/** What the work was about has changed while it ran: the attempt ended as it did, and another one follows. */
function onceMore(end: End): End {
  if (end.status === 'pending' || end.status === 'canceled') return end
  return { ...end, status: 'pending', used: 0, availableAt: 1 }
}

function retryEnd(
  outcome: Extract<Outcome, { kind: 'retry' }>,
  item: ClaimedItem,
  ctx: SettleContext,
  now: number,
): End {
  const facts = { outcome: 'retry', class: outcome.class, reason: outcome.reason } as const
  // Behind those that have tried less often, lest the same ones meet the gate for ever.
  if (outcome.gate) return { ...facts, status: 'pending', used: 0, availableAt: placeInLine(item.attempt) }
  const used = item.attempts + 1
  if (used >= ctx.retry.attempts)
    return { ...facts, status: 'failed', outcome: 'failed', used: 1, availableAt: 1 }
  const wait = outcome.afterMs ?? backoffMs(used, ctx.retry.baseMs, ctx.retry.maxMs, ctx.random())
  return { ...facts, status: 'pending', used: 1, availableAt: now + wait }
}

/** First and longest time that a gate stays closed before one item may try, when nobody said how long. */
const gateBaseMs = 30_000
const gateMaxMs = 15 * 60_000

async function moveGates(
  c: Change,
  outcome: Outcome,
  itemId: number,
  gates: readonly GateRow[],
  now: number,
): Promise<void> {
  const probed = gates.find((gate) => gate.probe_item_id === itemId)
  if (outcome.kind === 'retry' && outcome.gate) {
    const { kind, ref } = outcome.gate
    const byProbe = probed?.kind === kind && probed.ref === ref
    const strikes = byProbe ? probed.strikes + 1 : 0
    const until =
      kind === 'volume' || outcome.class === 'auth'
        ? null
        : now + (outcome.afterMs ?? Math.min(gateMaxMs, gateBaseMs * 2 ** strikes))
    const { class: failureClass, reason, needBytes: neededBytes = null } = outcome
    await closeGate(c, { kind, ref, class: failureClass, reason, until, neededBytes }, byProbe)
    // It met another closed gate, and says nothing about the one that let it through.
    if (probed && !byProbe) await setProbe(c, probed, null)
  } else if (probed && wasAnswered(outcome)) {
    await openGate(c, probed.kind, probed.ref, 'a probe came through')
  } else if (probed) {
    await setProbe(c, probed, null)
  }
}

/** Only an answer shows that a source or backend can be asked again; without one, another item finds out. */
function wasAnswered(outcome: Outcome): boolean {
  if (outcome.kind === 'done') return true
  if (outcome.kind === 'skipped') return !outcome.unasked
  if (outcome.kind !== 'failed' || outcome.unasked) return false
  return outcome.class === 'permanent' || outcome.class === 'invalid'
}

function tell(
  c: Change,
  group: readonly Prepared[],
  settlements: readonly Settlement[],
  attempts: ReadonlyMap<number, number>,
): void {
  const ends = new Map(settlements.map((s) => [s.id, s]))
  for (const { finished } of group) {
    const { item, worker } = finished
    const end = ends.get(item.id)
    const attempt = attempts.get(item.id)
    if (!end || attempt === undefined) continue
    c.count(item.stageId, 'running', end.status)
    c.emit(
      'item_settled',
      { job: item.jobId, stage: item.stageId, item: item.id },
      {
        stageType: item.stageType satisfies StageType,
        key: item.key,
        outcome: end.outcome,
        status: end.status,
        attempt,
        worker,
        ...(end.class ? { class: end.class } : {}),
        ...(end.reason ? { reason: end.reason } : {}),
        ...(isTime(end.availableAt) ? { availableAt: end.availableAt } : {}),
      },
    )
  }
}
