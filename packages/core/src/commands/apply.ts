import type { CommandType } from '@catalogsync/contract'
import type { Change } from '../repositories/change.ts'
import { endCommand, openCommands } from '../repositories/commands.ts'
import { jobRow } from '../repositories/jobs.ts'
import { cancel } from './cancel.ts'
import { holdItem, releaseItem } from './hold-item.ts'
import { pause } from './pause.ts'
import { resume } from './resume.ts'
import { forceRetryItem, retryItem } from './retry-item.ts'
import { rejected, type Verb } from './verb.ts'

const verbs = {
  pause,
  resume,
  cancel,
  retry_item: retryItem,
  force_retry_item: forceRetryItem,
  hold_item: holdItem,
  release_item: releaseItem,
} satisfies Record<CommandType, Verb>

/** Applies what waits, in the order in which it was asked, each exactly once. @returns the jobs concerned */
export async function applyCommands(c: Change): Promise<number[]> {
  const jobs: number[] = []
  for (const command of await openCommands(c.tx)) {
    const job = await jobRow(c.tx, command.job_run_id)
    const end = job
      ? await verbs[command.command_type](c, command, job)
      : rejected('the job is no longer there')
    await endCommand(c.tx, command, end.status, end.reason ?? null, c.now)
    c.emit(
      'command_ended',
      { job: command.job_run_id, item: command.target_item_id },
      {
        commandType: command.command_type,
        status: end.status,
        ...(end.reason === undefined ? {} : { reason: end.reason }),
      },
    )
    jobs.push(command.job_run_id)
  }
  return jobs
}
