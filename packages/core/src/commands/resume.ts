import { moveJob, type Change } from '../repositories/change.ts'
import { requeueInterrupted } from '../repositories/items.ts'
import { applied, rejected, type Verb } from './verb.ts'

/** A paused job goes back in line with what was interrupted; one that still drains just goes on. */
export const resume: Verb = async (c, _command, job) => {
  switch (job.status) {
    case 'paused':
      await putInterruptedBack(c, job.id)
      await moveJob(c, job.id, 'queued')
      return applied()
    case 'pause_requested':
      await putInterruptedBack(c, job.id)
      await moveJob(c, job.id, 'running')
      return applied()
    case 'queued':
    case 'running':
      return applied('it was not paused')
    case 'cancel_requested':
      return rejected('the job is being canceled')
    case 'completed':
    case 'completed_with_errors':
    case 'failed':
    case 'canceled':
      return rejected(`the job has ended (${job.status})`)
  }
}

export async function putInterruptedBack(c: Change, jobId: number): Promise<void> {
  for (const [stageId, n] of await requeueInterrupted(c.tx, jobId))
    c.count(stageId, 'interrupted', 'pending', n)
}
