import { stageTypes, type GateKind, type StageType } from '@catalogsync/contract'
import type { Change } from '../repositories/change.ts'
import { setProbe, type GateRow } from '../repositories/gates.ts'
import { claimItems, nextDueAt, type ClaimedItem } from '../repositories/items.ts'
import type { Job } from '../repositories/jobs.ts'
import { stagesOfJob } from '../repositories/stages.ts'

export interface ClaimRequest {
  jobs: readonly Job[]
  gates: readonly GateRow[]
  /** Every source and every backend that items may wait for. */
  places: { sources: readonly string[]; backends: readonly string[] }
  /** How many more items of each stage this runner takes. */
  room: Record<StageType, number>
  runnerId: string
  lease: string
}

export interface Claimed {
  items: ClaimedItem[]
  /** When something that was passed over comes due, ms since the epoch; null: nothing waits for a time. */
  dueAt: number | null
}

/** The gate that items of a stage wait at, besides the volume's and everybody's. */
const gateKindOf = {
  collect: 'source',
  sync: 'source',
  download: 'source',
  upload: 'backend',
} satisfies Record<StageType, GateKind>

/** Does the volume's gate stop this stage? A full disk can still be read. */
function stops(volume: GateRow, stage: StageType): boolean {
  return stage === 'download' || (stage === 'upload' && volume.needed_bytes === null)
}

/** Takes items for the free workers: jobs in order, the stages of each, one query an open gate. */
export async function claim(c: Change, request: ClaimRequest): Promise<Claimed> {
  const room = { ...request.room }
  const claimed: Claimed = { items: [], dueAt: null }
  if (closed(request.gates, 'all', '')) return claimed
  for (const job of request.jobs) {
    if (job.status !== 'running' || stageTypes.every((stage) => room[stage] <= 0)) continue
    for (const stage of await stagesOfJob(c.tx, job.id)) {
      const type = stage.stage_type
      if (stage.n_pending === 0 || room[type] <= 0) continue
      if (request.gates.some((gate) => gate.kind === 'volume' && stops(gate, type))) continue
      for (const ref of type === 'upload' ? request.places.backends : request.places.sources) {
        const gate = closed(request.gates, gateKindOf[type], ref)
        const limit = gate ? probesAllowed(gate, c.now) : room[type]
        if (gate?.closed_until != null) claimed.dueAt = soonest(claimed.dueAt, gate.closed_until, c.now)
        if (limit <= 0) continue
        const { runnerId, lease } = request
        const items = await claimItems(c.tx, {
          stageId: stage.id,
          gateRef: ref,
          limit,
          runnerId,
          lease,
          now: c.now,
        })
        if (gate && items[0]) await letThrough(c, gate, items[0])
        room[type] -= items.length
        claimed.items.push(...items)
        if (items.length > 0) {
          c.count(stage.id, 'pending', 'running', items.length)
          c.emit(
            'items_started',
            { job: job.id, stage: stage.id },
            { stageType: type, runnerId, itemIds: items.map((item) => item.id) },
          )
        }
        if (items.length < limit) {
          const due = await nextDueAt(c.tx, stage.id, ref, c.now)
          if (due !== null) claimed.dueAt = soonest(claimed.dueAt, due, c.now)
        }
        if (room[type] <= 0) break
      }
    }
  }
  return claimed
}

function closed(gates: readonly GateRow[], kind: GateKind, ref: string): GateRow | undefined {
  return gates.find((gate) => gate.kind === kind && gate.ref === ref)
}

/** When a closed gate's time is up, one item goes through to see whether it is over. */
function probesAllowed(gate: GateRow, now: number): number {
  return gate.closed_until !== null && gate.closed_until <= now && gate.probe_item_id === null ? 1 : 0
}

async function letThrough(c: Change, gate: GateRow, probe: ClaimedItem): Promise<void> {
  await setProbe(c, gate, probe.id)
  gate.probe_item_id = probe.id
}

function soonest(before: number | null, at: number, now: number): number | null {
  if (at <= now) return before
  return before === null ? at : Math.min(before, at)
}
