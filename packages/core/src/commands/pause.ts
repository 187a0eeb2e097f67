import { moveJob } from '../repositories/change.ts'
import { setStopNow } from '../repositories/jobs.ts'
import { applied, rejected, type Verb } from './verb.ts'

/** No new item is claimed from here on; what runs finishes, or with `now` gives its item back. */
export const pause: Verb = async (c, command, job) => {
  const { now } = { now: false, ...(JSON.parse(command.params_json) as { now?: boolean }) } // written by insertCommand
  switch (job.status) {
    case 'queued':
      await moveJob(c, job.id, 'paused')
      return applied()
    case 'running':
      if (now) await setStopNow(c.tx, job.id)
      await moveJob(c, job.id, 'pause_requested')
      return applied()
    case 'pause_requested':
      if (!now) return applied('it was draining already')
      await setStopNow(c.tx, job.id)
      return applied()
    case 'paused':
      return applied('it was paused already')
    case 'cancel_requested':
      return rejected('the job is being canceled')
    case 'completed':
    case 'completed_with_errors':
    case 'failed':
    case 'canceled':
      return rejected(`the job has ended (${job.status})`)
  }
}
