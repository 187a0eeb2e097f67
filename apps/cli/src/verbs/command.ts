import type { CommandInput, CommandView } from '@catalogsync/contract'
import { getCommand, getJob, sendCommand, type Database } from '@catalogsync/core'
import { liveRunners } from '@catalogsync/runner'
import { withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { jobText } from '../messages/job.ts'
import { stateWords } from '../messages/states.ts'
import { changesOf } from '../watch/changes.ts'

/** How long a runner may take to apply a command before we stop looking. */
const waitMs = 10_000

/**
 * Asks for something, and tells what became of it. With `--json`: `{command, waitsForRunner, job}`.
 * A command that no runner has applied yet is a good end too: it is written down.
 */
export function command(ctx: Context, input: CommandInput): Promise<ExitCode> {
  return withDatabase(ctx, 'existing', async (database) => {
    const { out, language, io } = ctx
    const id = await sendCommand(database, input, { by: 'cli', now: Date.now() })
    const waitsForRunner = (await liveRunners(database)).length === 0
    const ended = waitsForRunner ? await getCommand(database.db, id) : await endOf(database, id, io.stop)
    const job = await getJob(database.db, input.jobRunId)
    out.give({ command: ended, waitsForRunner: waitsForRunner && !isOver(ended), job })
    const text = jobText(language)
    const what = text.command(input.type, input.jobRunId)
    const status = stateWords(language).job[job.status]
    switch (ended?.status) {
      case 'applied':
        out.say(text.applied(what, status, ended.reason))
        return exitCodes.fine
      case 'rejected':
        out.say(text.rejected(what, ended.reason ?? ''))
        return exitCodes.refused
      case 'stopped':
        out.say(text.stopped(what, ended.reason ?? ''))
        return exitCodes.refused
      case 'pending':
      case 'applying':
      case undefined:
        out.say(waitsForRunner ? text.waitsForRunner(what) : text.notYet(what))
        return exitCodes.fine
    }
  })
}

async function endOf(database: Database, id: number, stop: AbortSignal): Promise<CommandView | null> {
  const changes = changesOf(database, stop)
  const until = performance.now() + waitMs
  for (;;) {
    const view = await getCommand(database.db, id)
    const left = until - performance.now()
    if (isOver(view) || left <= 0 || stop.aborted) return view
    await changes.next(left)
  }
}

const isOver = (view: CommandView | null): boolean =>
  view?.status === 'applied' || view?.status === 'rejected' || view?.status === 'stopped'
