import type { CatalogEvent } from './events.ts'
import type { CommandView, GateView, JobView, WorkerView } from './views.ts'
import type { RunnerView } from './system-views.ts'

/** How things stand now. It is whole each time: there is nothing to resume. */
export interface LiveSummary {
  /** The server's time. */
  at: number
  epoch: string
  lastEventId: number
  /** Jobs that are not at their end, the newest 100, with their stages' counters. */
  jobs: JobView[]
  workers: WorkerView[]
  /** Closed gates. */
  gates: GateView[]
  /** Runners that have not said goodbye. */
  runners: RunnerView[]
  /** Commands that no runner has applied yet, the oldest 200. */
  pendingCommands: CommandView[]
}

/** A heartbeat every 2 s says that the summary before it still holds. */
export type LiveMessage =
  { type: 'summary'; summary: LiveSummary } | { type: 'heartbeat'; at: number; lastEventId: number }

/**
 * `ready` is the first message: everything after `lastId` follows. `resync`: events between what the reader has
 * seen and `lastId` cannot be told any more, or never happened; it reads its lists again and goes on from here.
 */
export type StreamMessage =
  | { type: 'ready'; epoch: string; lastId: number }
  | { type: 'event'; event: CatalogEvent }
  | { type: 'resync'; reason: ResyncReason; epoch: string; lastId: number }

/** `epoch`: the database was restored. `retention`: the events are gone. `ahead`: they have not happened here. */
export type ResyncReason = 'epoch' | 'retention' | 'ahead'
