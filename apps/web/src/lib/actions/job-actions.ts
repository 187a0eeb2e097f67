import type { JobStatus, JobView } from '@catalogsync/contract'
import type { Action } from './action.ts'

type Job = Pick<JobView, 'id' | 'status'>
const when =
  (...statuses: JobStatus[]) =>
  (job: Job): boolean =>
    statuses.includes(job.status)

export const jobActions: readonly Action<Job>[] = [
  {
    id: 'pause',
    title: 'action.pause',
    shape: 'pause',
    shown: when('queued', 'running'),
    command: ({ id }) => ({ type: 'pause', jobRunId: id }),
  },
  {
    id: 'resume',
    title: 'action.resume',
    shape: 'play',
    shown: when('paused', 'pause_requested'),
    command: ({ id }) => ({ type: 'resume', jobRunId: id }),
  },
  {
    id: 'stop_now',
    title: 'action.stop_now',
    shape: 'stopping',
    shown: when('running', 'pause_requested'),
    command: ({ id }) => ({ type: 'pause', jobRunId: id, now: true }),
  },
  {
    id: 'cancel',
    title: 'action.cancel',
    shape: 'cross',
    shown: when('queued', 'running', 'pause_requested', 'paused'),
    command: ({ id }) => ({ type: 'cancel', jobRunId: id }),
    confirm: { title: 'action.cancel.title', text: 'action.cancel.text' },
  },
]
