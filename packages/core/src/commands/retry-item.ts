import { isSettledJob, type ItemStatus } from '@catalogsync/contract'
import { moveJob, type Change } from '../repositories/change.ts'
import type { CommandRow } from '../repositories/commands.ts'
import { itemRow, requeueItem } from '../repositories/items.ts'
import type { JobRow } from '../repositories/jobs.ts'
import { applied, rejected, type Verb, type VerbEnd } from './verb.ts'

/** One item goes first in line again, with a clean sheet of attempts. */
export const retryItem: Verb = (c, command, job) => retry(c, command, job, false)

/** The same, also for an item that succeeded: its good result stays until a new one takes its place. */
export const forceRetryItem: Verb = (c, command, job) => retry(c, command, job, true)

async function retry(c: Change, command: CommandRow, job: JobRow, force: boolean): Promise<VerbEnd> {
  if (job.status === 'canceled' || job.status === 'cancel_requested') {
    return rejected('the job was canceled; start a new job with what is missing')
  }
  const item = command.target_item_id === null ? undefined : await itemRow(c.tx, command.target_item_id)
  if (!item) return rejected('the item is no longer there')
  const refusal = force ? cannotForce[item.status] : cannotRetry[item.status]
  if (refusal) return rejected(refusal)
  if (!(await requeueItem(c.tx, item, force))) return rejected('the item has just moved on')
  if (item.status !== 'pending') c.count(item.job_stage_id, item.status, 'pending')
  c.touch(job.id)
  // At once, so that a command right behind this one finds the job as it is now.
  if (isSettledJob(job.status)) await moveJob(c, job.id, 'queued')
  c.emit(
    'item_requeued',
    { job: job.id, stage: item.job_stage_id, item: item.id },
    { stageType: item.stage_type, key: item.item_key, from: item.status, force },
  )
  return applied()
}

/** Why an item in this state is not retried; null: it is. */
const cannotForce = {
  pending: null,
  failed: null,
  interrupted: null,
  held: null,
  succeeded: null,
  skipped: null,
  running: 'the item is running',
  canceled: 'the item was canceled with its job',
} satisfies Record<ItemStatus, string | null>

const cannotRetry = {
  ...cannotForce,
  held: 'the item is held; release it first',
  succeeded: 'the item has succeeded; a forced retry does it again',
  skipped: 'the item was skipped, as there was nothing to do; a forced retry does it all the same',
} satisfies Record<ItemStatus, string | null>
