import { AppError, commandInput, type CommandInput } from '@catalogsync/contract'
import type { Database } from '../db/open.ts'
import { change } from '../repositories/change.ts'
import { insertCommand } from '../repositories/commands.ts'
import { itemRow } from '../repositories/items.ts'
import { jobRow } from '../repositories/jobs.ts'
import { parseInput } from './input.ts'

/**
 * Writes a wish down as a row; a runner applies it. The same idempotency key again gives the first's id.
 * @returns the command's id: `getCommand` tells what became of it
 * @throws AppError `invalid_input`, `job_not_found`, `item_not_found`
 */
export async function sendCommand(
  database: Database,
  input: CommandInput,
  ctx: { by: string | null; now: number },
): Promise<number> {
  const command = parseInput(`the command "${input.type}"`, commandInput, input)
  return change(database, ctx.now, async (c) => {
    if (!(await jobRow(c.tx, command.jobRunId))) throw new AppError('job_not_found', { id: command.jobRunId })
    if ('targetItemId' in command) {
      const item = await itemRow(c.tx, command.targetItemId)
      if (item?.job_run_id !== command.jobRunId) {
        throw new AppError('item_not_found', { id: command.targetItemId, jobId: command.jobRunId })
      }
    }
    return insertCommand(c.tx, command, ctx.by, ctx.now)
  })
}
