import { moveJob } from '../repositories/change.ts'
import { applied, rejected, type Verb } from './verb.ts'

/** Items that run are aborted; those in line stay as they are, in a job that nobody claims from. */
export const cancel: Verb = async (c, _command, job) => {
  switch (job.status) {
    case 'queued':
    case 'paused':
      await moveJob(c, job.id, 'canceled')
      return applied()
    case 'running':
    case 'pause_requested':
      await moveJob(c, job.id, 'cancel_requested')
      return applied()
    case 'cancel_requested':
    case 'canceled':
      return applied('it was canceled already')
    case 'completed':
    case 'completed_with_errors':
    case 'failed':
      return rejected(`the job has ended (${job.status})`)
  }
}
