import type { CatalogEvent } from '@catalogsync/contract'
import { eventCursor, eventsAfter, getJob } from '@catalogsync/core'
import { withDatabase, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { eventText } from '../messages/events.ts'
import { clockTime } from '../text/format.ts'
import { padStart, plain } from '../text/width.ts'
import { changesOf } from '../watch/changes.ts'

export interface EventsOptions {
  after?: number
  follow?: boolean
  job?: number
}

const pageSize = 500
/** Longest silence after which we look, though nothing said that anything has changed. */
const lookEveryMs = 10_000

/** One line an event; with `--json` one object a line. */
export function events(ctx: Context, options: EventsOptions): Promise<ExitCode> {
  return withDatabase(ctx, 'readonly', async (database, { settings }) => {
    const { io, out, language } = ctx
    if (options.job !== undefined) await getJob(database.db, options.job)
    const changes = changesOf(database, io.stop)
    let after = options.after ?? 0
    for (;;) {
      // Asked before the page: with a filter, an empty page tells that there is nothing up to here.
      const { lastId } = await eventCursor(database.db)
      const page = await eventsAfter(database.db, after, pageSize, options.job)
      for (const event of page) {
        out.give(event)
        out.say(line(event))
      }
      after = page.at(-1)?.id ?? Math.max(after, lastId)
      if (io.stop.aborted) return exitCodes.interrupted
      if (page.length > 0) continue
      if (!options.follow) return exitCodes.fine
      await changes.next(lookEveryMs)
    }

    function line(event: CatalogEvent): string {
      const job = event.jobRunId === null ? '' : `job ${event.jobRunId}`
      const text = plain(eventText(event.kind, event.payload, language))
      return `${clockTime(event.at, settings.tz)}  ${padStart(String(event.id), 6)}  ${job.padEnd(8)}  ${text}`
    }
  })
}
