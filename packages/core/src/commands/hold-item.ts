import { isSettledJob, type ItemStatus } from '@catalogsync/contract'
import { moveJob } from '../repositories/change.ts'
import { itemRow, moveParked } from '../repositories/items.ts'
import { applied, rejected, type Verb } from './verb.ts'

/** Parks an item: nobody claims it, and the job ends without it (`completed_with_errors`, "n held"). */
export const holdItem: Verb = async (c, command, job) => {
  if (job.status === 'canceled' || job.status === 'cancel_requested') return rejected(jobCanceled)
  const item = command.target_item_id === null ? undefined : await itemRow(c.tx, command.target_item_id)
  if (!item) return rejected('the item is no longer there')
  if (item.status === 'held') return applied('it was held already')
  const refusal = cannotHold[item.status]
  if (refusal !== null) return rejected(refusal)
  if (!(await moveParked(c.tx, item, 'held'))) return rejected('the item has just moved on')
  c.count(item.job_stage_id, item.status, 'held')
  c.touch(job.id)
  c.emit(
    'item_held',
    { job: job.id, stage: item.job_stage_id, item: item.id },
    { stageType: item.stage_type, key: item.item_key, from: item.status },
  )
  return applied()
}

/** Puts a parked item back in line, behind the others, with a clean sheet of attempts. */
export const releaseItem: Verb = async (c, command, job) => {
  if (job.status === 'canceled' || job.status === 'cancel_requested') return rejected(jobCanceled)
  const item = command.target_item_id === null ? undefined : await itemRow(c.tx, command.target_item_id)
  if (!item) return rejected('the item is no longer there')
  if (item.status !== 'held') return rejected(`the item is not held (${item.status})`)
  if (!(await moveParked(c.tx, item, 'pending'))) return rejected('the item has just moved on')
  c.count(item.job_stage_id, 'held', 'pending')
  c.touch(job.id)
  // At once, so that a command right behind this one finds the job as it is now.
  if (isSettledJob(job.status)) await moveJob(c, job.id, 'queued')
  c.emit(
    'item_released',
    { job: job.id, stage: item.job_stage_id, item: item.id },
    { stageType: item.stage_type, key: item.item_key, to: 'pending' },
  )
  return applied()
}

const jobCanceled = 'the job was canceled; start a new job with what is missing'

/** Why an item in this state is not parked; null: it is. */
const cannotHold = {
  pending: null,
  failed: null,
  running: 'the item is running; pause the job first, or wait for its end',
  interrupted: 'the item was interrupted; resume the job first',
  succeeded: 'the item has succeeded',
  skipped: 'the item was skipped, as there was nothing to do',
  canceled: 'the item was canceled with its job',
} satisfies Record<Exclude<ItemStatus, 'held'>, string | null>
