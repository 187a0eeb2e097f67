import { withDatabase, type Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import { followJob } from '../watch/follow.ts'

export function jobWatch(ctx: Context, jobId: number): Promise<ExitCode> {
  return withDatabase(ctx, 'readonly', (database, { settings }) => followJob(ctx, database, settings, jobId))
}
