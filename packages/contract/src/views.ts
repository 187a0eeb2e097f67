import type { CommandStatus, ItemCounts, ItemStatus, JobStatus, StageStatus } from './states.ts'
import type {
  AttemptOutcome,
  CommandType,
  FailureClass,
  GateKind,
  ItemType,
  JobType,
  LogLevel,
  ScopeMode,
  StageType,
} from './words.ts'

/** Times are milliseconds since the Unix epoch; sizes are bytes; null means "not yet" or "not known". */

export interface StageView {
  id: number
  stageType: StageType
  seqNo: number
  status: StageStatus
  counts: ItemCounts
  /** False while more items may still be planned: then totals read "so far". */
  planned: boolean
  startedAt: number | null
  endedAt: number | null
}

export interface JobView {
  id: number
  jobType: JobType
  status: JobStatus
  /** Why it is `failed`. */
  reason: string | null
  priority: number
  sources: string[]
  downloadSources: string[]
  backends: string[]
  scope: { playlists: number[]; songs: number[]; mode: ScopeMode }
  requestedBy: string | null
  createdAt: number
  startedAt: number | null
  endedAt: number | null
  stages: StageView[]
  /** Commands that no runner has applied yet. */
  pendingCommands: CommandType[]
}

export interface ItemView {
  id: number
  jobRunId: number
  stageId: number
  stageType: StageType
  itemType: ItemType
  key: string
  /** The source or the backend that it needs, and whose gate it waits at. */
  place: string
  /** "title / artists", a playlist's or a pool's name, a path. */
  label: string
  status: ItemStatus
  attempts: number
  worker: string | null
  class: FailureClass | null
  /** The whole reason of the last failure or wait, in words. */
  reason: string | null
  availableAt: number | null
  startedAt: number | null
  endedAt: number | null
  /** Optional because it may be anything, and so also nothing: JSON leaves that out. */
  result?: unknown
}

export interface AttemptView {
  attempt: number
  runnerId: string
  worker: string
  startedAt: number
  endedAt: number
  outcome: AttemptOutcome
  class: FailureClass | null
  reason: string | null
}

export interface ItemDetail extends ItemView {
  /** Its last 200 tries, oldest first. */
  attemptList: AttemptView[]
}

export interface WorkerView {
  runnerId: string
  name: string
  stageType: StageType
  itemId: number | null
  jobRunId: number | null
  /** "name / singers", a playlist's name, a path. */
  text: string | null
  bytesDone: number | null
  bytesTotal: number | null
  since: number | null
}

export interface GateView {
  kind: GateKind
  ref: string
  reason: string
  class: FailureClass | null
  closedUntil: number | null
  since: number
}

export interface CommandView {
  id: number
  type: CommandType
  jobRunId: number
  targetItemId: number | null
  status: CommandStatus
  reason: string | null
  createdAt: number
  endedAt: number | null
}

export interface LogLineView {
  id: number
  at: number
  level: LogLevel
  jobRunId: number | null
  itemId: number | null
  attempt: number | null
  message: string
}

/** One page of a keyset-paged list. `next` is the cursor of the following page, null at the end. */
export interface Page<T> {
  rows: T[]
  next: number | null
}
