import { stageTypes, type StageType } from '@catalogsync/contract'
import type { Outcome, Progress, Work } from '../executors/outcome.ts'
import type { ClaimedItem } from '../repositories/items.ts'
import type { NewLogLine } from '../repositories/logs.ts'
import type { WorkerState } from '../repositories/runners.ts'

/** Why nothing is left to do for an item. */
export interface Needless {
  needless: string
}

/** A claimed item with what its executor needs; null if what it was about is gone. */
export interface Task {
  item: ClaimedItem
  work: Work | Needless | null
}

/** A task that has come to its end in a slot, or was given back before it got one. */
export interface Finished {
  item: ClaimedItem
  worker: string
  outcome: Outcome
  logs: NewLogLine[]
}

/** Why running work is stopped; the signal's reason. */
export type StopReason = 'cancel' | 'pause' | 'shutdown'

export interface TaskContext {
  signal: AbortSignal
  progress: (progress: Progress) => void
  logs: NewLogLine[]
}

export type Execute = (task: Task, ctx: TaskContext) => Promise<Outcome>

interface Slot {
  name: string
  stage: StageType
  task: Task | null
  abort: AbortController | null
  since: number | null
  progress: Progress
}

/**
 * The named workers of one runner. Each works on one item at a time; what is claimed ahead of them waits
 * in a line of its own, and goes back unharmed when its job is paused.
 */
export function createSlots(
  limits: Record<StageType, number>,
  execute: Execute,
  now: () => number,
  onFinished: (finished: Finished) => void,
) {
  const slots: Slot[] = stageTypes.flatMap((stage) =>
    Array.from({ length: limits[stage] }, (_, i) => ({
      name: `${stage}-${i + 1}`,
      stage,
      task: null,
      abort: null,
      since: null,
      progress: {},
    })),
  )
  const lines: Record<StageType, Task[]> = { collect: [], sync: [], download: [], upload: [] }
  let dirty = true

  function start(tasks: readonly Task[]): void {
    for (const task of tasks) lines[task.item.stageType].push(task)
    for (const slot of slots) if (!slot.task) void work(slot)
  }

  async function work(slot: Slot): Promise<void> {
    for (let task = lines[slot.stage].shift(); task; task = lines[slot.stage].shift()) {
      const abort = new AbortController()
      const logs: NewLogLine[] = []
      Object.assign(slot, { task, abort, since: now(), progress: {} })
      dirty = true
      const progress = (news: Progress) => {
        Object.assign(slot.progress, news)
        dirty = true
      }
      const outcome = await execute(task, { signal: abort.signal, progress, logs })
      Object.assign(slot, { task: null, abort: null, since: null, progress: {} })
      dirty = true
      onFinished({ item: task.item, worker: slot.name, outcome, logs })
    }
  }

  return {
    start,
    /** Items held: being worked on, and waiting in line here. */
    held: (stage: StageType): number =>
      lines[stage].length + slots.filter((slot) => slot.stage === stage && slot.task).length,
    waiting: (stage: StageType): number => lines[stage].length,
    size: (stage: StageType): number => limits[stage],
    idle: (): boolean =>
      slots.every((slot) => !slot.task) && stageTypes.every((stage) => lines[stage].length === 0),
    jobs: (): Set<number> =>
      new Set([
        ...slots.flatMap((slot) => (slot.task ? [slot.task.item.jobId] : [])),
        ...stageTypes.flatMap((stage) => lines[stage].map((task) => task.item.jobId)),
      ]),
    /** Gives back what has not begun. */
    takeBack(which: (item: ClaimedItem) => boolean): void {
      for (const stage of stageTypes) {
        const back = lines[stage].filter((task) => which(task.item))
        if (back.length === 0) continue
        lines[stage] = lines[stage].filter((task) => !which(task.item))
        for (const { item } of back) onFinished({ item, worker: '', outcome: { kind: 'released' }, logs: [] })
      }
    },
    /** Asks what runs to let go. */
    abort(which: (item: ClaimedItem) => boolean, reason: StopReason): void {
      for (const slot of slots) if (slot.task && which(slot.task.item)) slot.abort?.abort(reason)
    },
    /** Something about the slots has not been written down yet. */
    changed: (): boolean => dirty,
    /** What every slot does now, if that has changed since the last call. */
    changes(): WorkerState[] | null {
      if (!dirty) return null
      dirty = false
      return slots.map(workerState)
    },
  }
}

export type Slots = ReturnType<typeof createSlots>

function workerState(slot: Slot): WorkerState {
  const item = slot.task?.item
  return {
    name: slot.name,
    stage_type: slot.stage,
    current_item_id: item?.id ?? null,
    current_job_id: item?.jobId ?? null,
    current_song_id: item?.songId ?? null,
    current_playlist_id: item?.playlistId ?? null,
    current_display_text: item ? (slot.progress.text ?? item.label) : null,
    bytes_done: slot.progress.bytesDone ?? null,
    bytes_total: slot.progress.bytesTotal ?? null,
    since: slot.since,
  }
}
