import type { GateView, ItemView, Language } from '@catalogsync/contract'
import { itemText } from '../messages/item.ts'
import { clockTime } from '../text/format.ts'
import type { Progress } from './progress.ts'

/** Why a pending item has not begun; the first of the reasons that hold it up. */
export function whyPending(
  item: ItemView,
  { job, gates, runnerAlive }: Progress,
  view: { language: Language; tz: string; now: number },
): string {
  const { wait } = itemText(view.language)
  if (job.status === 'canceled' || job.status === 'cancel_requested') return wait.canceled
  if (job.status === 'paused') return wait.paused
  if (job.status === 'pause_requested') return wait.draining
  if (!runnerAlive) return wait.noRunner
  const gate = gates.find((candidate) => waitsAt(item, candidate))
  if (gate) {
    const until = gate.closedUntil !== null && gate.closedUntil > view.now ? gate.closedUntil : null
    return until === null ? wait.gate(gate.reason) : wait.gateUntil(gate.reason, clockTime(until, view.tz))
  }
  if (item.availableAt !== null && item.availableAt > view.now) {
    return wait.retry(clockTime(item.availableAt, view.tz), item.reason ?? '')
  }
  return job.status === 'queued' ? wait.queued : wait.inLine
}

function waitsAt(item: ItemView, gate: GateView): boolean {
  switch (gate.kind) {
    case 'all':
    case 'window':
      return true
    case 'volume':
      return item.stageType === 'download' || item.stageType === 'upload'
    case 'source':
      return item.stageType !== 'upload' && gate.ref === item.place
    case 'backend':
      return item.stageType === 'upload' && gate.ref === item.place
  }
}
