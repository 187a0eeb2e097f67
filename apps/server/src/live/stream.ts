import { tracked } from '@trpc/server'
import type { ResyncReason, StreamMessage } from '@catalogsync/contract'
import { oldestEventId } from '@catalogsync/core/reads'
import type { Context } from '../context.ts'
import type { Reader } from './subscribed.ts'

type Input = { jobId?: number | undefined; lastEventId?: string | null | undefined } | undefined

/** Events read at once. */
const page = 500
/** A reader that is told nothing for so long looks anyway. */
const idleMs = 60_000

/**
 * Every event behind the reader's cursor, once, in order. Each message carries the cursor `<epoch>.<id>` that the
 * reader comes back with; where that leads nowhere, it is told to read its lists again.
 */
export async function* streamEvents({ tailer, database }: Context, input: Input, reader: Reader) {
  const { signal, room } = reader
  const jobId = input?.jobId
  let { epoch, lastId: cursor } = tailer.state()
  const message = (content: StreamMessage) => tracked(`${epoch}.${cursor}`, content)
  const resync = (reason: ResyncReason) => {
    ;({ epoch, lastId: cursor } = tailer.state())
    return message({ type: 'resync', reason, epoch, lastId: cursor })
  }

  if (input?.lastEventId == null) {
    yield message({ type: 'ready', epoch, lastId: cursor })
  } else {
    const from = cursorOf(input.lastEventId)
    const wrong = from ? await unusable(from) : 'epoch'
    if (from && !wrong) cursor = from.id
    yield wrong ? resync(wrong) : message({ type: 'ready', epoch, lastId: cursor })
  }

  while (!signal.aborted) {
    const { epoch: epochNow, lastId, generation } = tailer.state()
    if (epochNow !== epoch) yield resync('epoch')
    else if (lastId < cursor) yield resync('ahead')
    // What was committed since the state was read is the next turn's: a cursor above the state would look like a restore.
    const after = cursor < lastId ? await tailer.after(cursor, page) : []
    const events = after.filter(({ id }) => id <= lastId)
    if (events[0] && events[0].id !== cursor + 1) {
      yield resync('retention')
      continue
    }
    for (const event of events) {
      cursor = event.id
      if (jobId !== undefined && event.jobRunId !== jobId) continue
      await room()
      if (isOver(signal)) return
      yield message({ type: 'event', event })
    }
    if (events.length === 0) await tailer.changed(generation, idleMs, signal)
  }

  async function unusable(from: { epoch: string; id: number }): Promise<ResyncReason | null> {
    if (from.epoch !== epoch) return 'epoch'
    if (from.id > cursor) return 'ahead'
    const oldest = await oldestEventId(database.db)
    return from.id + 1 < (oldest ?? cursor + 1) ? 'retention' : null
  }
}

/** Asked anew: it may have become so while we waited. */
const isOver = (signal: AbortSignal): boolean => signal.aborted

/** `<epoch>.<id>`; null if it is no such thing. */
function cursorOf(text: string): { epoch: string; id: number } | null {
  const match = /^([\w-]+)\.(\d{1,15})$/.exec(text)
  return match?.[1] === undefined ? null : { epoch: match[1], id: Number(match[2]) }
}
