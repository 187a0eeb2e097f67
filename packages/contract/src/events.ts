import type { AttemptOutcome, CommandType, FailureClass, GateKind, JobType, StageType } from './words.ts'
import type { ItemCounts, ItemStatus, JobStatus, StageStatus } from './states.ts'

/** What each kind of event carries, beyond the ids of its job, stage and item. */
export interface EventPayloads {
  job_created: { jobType: JobType; by: string | null }
  job_status: { from: JobStatus; to: JobStatus; reason?: string }
  stage_status: { stageType: StageType; from: StageStatus; to: StageStatus; counts: ItemCounts }
  /** Items were added to a stage, or settled ones reopened because their input changed. */
  items_planned: { stageType: StageType; added: number; reopened: number }
  /** A runner took these items; one event for a whole claim. */
  items_started: { stageType: StageType; runnerId: string; itemIds: number[] }
  item_settled: {
    stageType: StageType
    key: string
    outcome: AttemptOutcome
    status: ItemStatus
    attempt: number
    worker: string
    class?: FailureClass
    reason?: string
    availableAt?: number
  }
  /** A person put the item back in line. */
  item_requeued: { stageType: StageType; key: string; from: ItemStatus; force: boolean }
  /** A person parked the item, or put it back where it was. */
  item_held: { stageType: StageType; key: string; from: ItemStatus }
  item_released: { stageType: StageType; key: string; to: ItemStatus }
  command_ended: { commandType: CommandType; status: 'applied' | 'rejected' | 'stopped'; reason?: string }
  /** Items that a dead runner held. `count` is what was really moved by this recovery. */
  recovery_requeued: { runnerId: string; count: number; resumed: boolean; reason: string }
  playlist_synced: { playlistId: number; name: string; linked: number; added: number; removed: number }
  file_published: { songId: number; fileId: number; path: string; size: number; sha256: string }
  object_stored: { fileId: number; backend: string; key: string; size: number; sha256: string }
  gate_closed: {
    gate: GateKind
    ref: string
    class: FailureClass | null
    reason: string
    until: number | null
  }
  gate_opened: { gate: GateKind; ref: string; reason: string }
  runner_started: { runnerId: string; host: string; pid: number; version: string }
  runner_stopped: { runnerId: string; reason: string }
}

export type EventKind = keyof EventPayloads

/** One fact of the system. Ids are gap-free within an epoch and only grow: a safe cursor. */
export type CatalogEvent = {
  [K in EventKind]: {
    id: number
    at: number
    kind: K
    jobRunId: number | null
    stageId: number | null
    itemId: number | null
    payload: EventPayloads[K]
  }
}[EventKind]
