import { openItems, totalItems } from '@catalogsync/contract'
import type { ItemCounts, StageView } from '@catalogsync/contract'

export interface Segment {
  tone: 'good' | 'skip' | 'bad' | 'wait' | 'run' | 'rest'
  n: number
}

/** The parts of a stage's bar, in the order in which work goes through it; empty parts are left out. */
export function segments(counts: ItemCounts): Segment[] {
  const parts: Segment[] = [
    { tone: 'good', n: counts.succeeded },
    { tone: 'skip', n: counts.skipped },
    { tone: 'bad', n: counts.failed },
    { tone: 'wait', n: counts.held + counts.interrupted },
    { tone: 'run', n: counts.running },
    { tone: 'rest', n: counts.pending + counts.canceled },
  ]
  return parts.filter(({ n }) => n > 0)
}

export const doneItems = (counts: ItemCounts): number => totalItems(counts) - openItems(counts)

/**
 * A total is final only when the stage is planned and everything before it is closed: until then it reads
 * "n so far", without a percentage.
 */
export function totalIsFinal(stage: StageView, stages: readonly StageView[]): boolean {
  const upstream = stages.filter(({ seqNo }) => seqNo < stage.seqNo)
  return stage.planned && upstream.every(({ endedAt }) => endedAt !== null)
}

/** The counts of several stages as one. */
export function sumCounts(all: readonly ItemCounts[]): ItemCounts {
  const sum = (key: keyof ItemCounts) => all.reduce((n, counts) => n + counts[key], 0)
  return {
    pending: sum('pending'),
    running: sum('running'),
    succeeded: sum('succeeded'),
    skipped: sum('skipped'),
    failed: sum('failed'),
    canceled: sum('canceled'),
    interrupted: sum('interrupted'),
    held: sum('held'),
  }
}
