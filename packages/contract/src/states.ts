/**
 * The state machine, whole: every state, who moves it on, every legal move, and the pure functions
 * that compute the stages and the end of a job. Tables, runner and pages all read this file.
 */

export const jobStatuses = [
  'queued',
  'running',
  'pause_requested',
  'paused',
  'cancel_requested',
  'completed',
  'completed_with_errors',
  'failed',
  'canceled',
] as const
export type JobStatus = (typeof jobStatuses)[number]

export const stageStatuses = [
  'pending',
  'running',
  'pause_requested',
  'paused',
  'completed',
  'completed_with_errors',
  'skipped',
  'canceled',
] as const
export type StageStatus = (typeof stageStatuses)[number]

export const itemStatuses = [
  'pending',
  'running',
  'succeeded',
  'skipped',
  'failed',
  'canceled',
  'interrupted',
  'held',
] as const
export type ItemStatus = (typeof itemStatuses)[number]

export const commandStatuses = ['pending', 'applying', 'applied', 'rejected', 'stopped'] as const
export type CommandStatus = (typeof commandStatuses)[number]

export const jobMoves = {
  queued: ['running', 'paused', 'canceled', 'failed'],
  running: ['pause_requested', 'cancel_requested', 'completed', 'completed_with_errors', 'failed'],
  pause_requested: ['paused', 'running', 'cancel_requested', 'completed', 'completed_with_errors', 'failed'],
  paused: ['queued', 'canceled'],
  cancel_requested: ['canceled'],
  completed: ['queued'],
  completed_with_errors: ['queued'],
  failed: ['queued'],
  canceled: [],
} as const satisfies Record<JobStatus, readonly JobStatus[]>

export const itemMoves = {
  pending: ['running', 'held'],
  running: ['succeeded', 'skipped', 'failed', 'canceled', 'pending', 'interrupted'],
  succeeded: ['pending'],
  skipped: ['pending'],
  failed: ['pending', 'held'],
  canceled: [],
  interrupted: ['pending'],
  held: ['pending', 'failed'],
} as const satisfies Record<ItemStatus, readonly ItemStatus[]>

export const commandMoves = {
  pending: ['applying', 'applied', 'rejected', 'stopped'],
  applying: ['applied', 'rejected', 'stopped'],
  applied: [],
  rejected: [],
  stopped: [],
} as const satisfies Record<CommandStatus, readonly CommandStatus[]>

/** Who moves each job state on. */
export const jobMovedBy = {
  queued: 'A runner starts it as soon as one is free.',
  running: 'The runner ends it when every stage is closed.',
  pause_requested: 'The runner pauses it when the last running item has ended.',
  paused: 'A person resumes or cancels it.',
  cancel_requested: 'The runner cancels it when the last running item has let go.',
  completed: 'Nobody, unless something in it is retried.',
  completed_with_errors: 'Nobody, unless something in it is retried.',
  failed: 'Nobody, unless something in it is retried.',
  canceled: 'Nobody. Start a new job with what is missing.',
} as const satisfies Record<JobStatus, string>

/** Who moves each item state on. */
export const itemMovedBy = {
  pending: 'A runner claims it when its gate is open and a worker is free.',
  running: 'The runner settles it with the outcome of its executor.',
  succeeded: 'Nobody, unless a person forces a retry.',
  skipped: 'Nobody, unless a person forces a retry.',
  failed: 'A person retries or holds it.',
  canceled: 'Nobody.',
  interrupted: 'Resuming the job puts it back in line.',
  held: 'A person releases it.',
} as const satisfies Record<ItemStatus, string>

export function canMoveJob(from: JobStatus, to: JobStatus): boolean {
  return (jobMoves[from] as readonly JobStatus[]).includes(to)
}

export function canMoveItem(from: ItemStatus, to: ItemStatus): boolean {
  return (itemMoves[from] as readonly ItemStatus[]).includes(to)
}

export function canMoveCommand(from: CommandStatus, to: CommandStatus): boolean {
  return (commandMoves[from] as readonly CommandStatus[]).includes(to)
}

/** Every state from which `to` can be reached: the guard of an UPDATE. */
export function jobStatusesBefore(to: JobStatus): JobStatus[] {
  return jobStatuses.filter((from) => canMoveJob(from, to))
}

/** A settled job has `ended_at`. */
export const settledJobStatuses = ['completed', 'completed_with_errors', 'failed', 'canceled'] as const
/** A settled item has `ended_at`; `interrupted` is settled and still open: resuming puts it back. */
export const settledItemStatuses = ['succeeded', 'skipped', 'failed', 'canceled', 'interrupted'] as const
/** A closed stage has `ended_at`. */
export const closedStageStatuses = ['completed', 'completed_with_errors', 'skipped', 'canceled'] as const

export const isSettledJob = (s: JobStatus): boolean => (settledJobStatuses as readonly string[]).includes(s)
export const isSettledItem = (s: ItemStatus): boolean =>
  (settledItemStatuses as readonly string[]).includes(s)
export const isClosedStage = (s: StageStatus): boolean =>
  (closedStageStatuses as readonly string[]).includes(s)

/** How many items of a stage are in each state. */
export type ItemCounts = Record<ItemStatus, number>

export const noItems: ItemCounts = {
  pending: 0,
  running: 0,
  succeeded: 0,
  skipped: 0,
  failed: 0,
  canceled: 0,
  interrupted: 0,
  held: 0,
}

/** Items that still have something to happen to them without a person's act. */
export function openItems(counts: ItemCounts): number {
  return counts.pending + counts.running + counts.interrupted
}

export function totalItems(counts: ItemCounts): number {
  return itemStatuses.reduce((sum, status) => sum + counts[status], 0)
}

/**
 * A stage is never commanded: its status is this function of its job and its counts, written in the
 * transaction that changes them.
 * @param upstreamClosed every earlier stage of the job is closed
 * @param planned every item that the stage can have by itself has been inserted
 */
export function stageStatus(
  job: JobStatus,
  upstreamClosed: boolean,
  planned: boolean,
  counts: ItemCounts,
): StageStatus {
  const total = totalItems(counts)
  if (planned && upstreamClosed && openItems(counts) === 0) {
    if (total === 0) return 'skipped'
    if (counts.canceled > 0) return 'canceled'
    return counts.failed + counts.held > 0 ? 'completed_with_errors' : 'completed'
  }
  if (job === 'canceled') return 'canceled'
  if (total === 0) return 'pending'
  if (takesNoNewItems(job)) return counts.running > 0 ? 'pause_requested' : 'paused'
  return 'running'
}

function takesNoNewItems(job: JobStatus): boolean {
  return job === 'pause_requested' || job === 'paused' || job === 'cancel_requested' || job === 'failed'
}

/**
 * Every stage of a job, in their order. A later stage is fed by the settles of the one before it: when
 * that has closed, all is planned. A canceled stage feeds nothing more, and closes nothing behind it:
 * what never came there was not skipped.
 * @param stages `planned` as it was written so far
 */
export function stagesNow(
  job: JobStatus,
  stages: readonly { planned: boolean; counts: ItemCounts }[],
): { planned: boolean; status: StageStatus }[] {
  let upstreamClosed = true
  return stages.map((stage, seqNo) => {
    const planned = stage.planned || (seqNo > 0 && upstreamClosed)
    const status = stageStatus(job, upstreamClosed, planned, stage.counts)
    upstreamClosed &&= isClosedStage(status) && status !== 'canceled'
    return { planned, status }
  })
}

/**
 * What a job becomes from the state of its stages, or undefined if it stays as it is.
 * @param running items of the job that run now, over all stages
 */
export function jobStatusAfter(
  job: JobStatus,
  stages: readonly StageStatus[],
  running: number,
): JobStatus | undefined {
  if (running > 0) return undefined
  if (job === 'cancel_requested') return 'canceled'
  if (job !== 'running' && job !== 'pause_requested') return undefined
  if (stages.every(isClosedStage)) {
    return stages.includes('completed_with_errors') ? 'completed_with_errors' : 'completed'
  }
  return job === 'pause_requested' ? 'paused' : undefined
}
