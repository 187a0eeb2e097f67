import { setTimeout as sleep } from 'node:timers/promises'
import type { LiveMessage, LiveSummary } from '@catalogsync/contract'
import {
  closedGates,
  commandView,
  gateView,
  listWorkers,
  openCommands,
  openJobViews,
  openRunners,
} from '@catalogsync/core/reads'
import type { Machine } from '../machine.ts'
import { runnerViews } from '../system-info.ts'
import type { Reader } from './subscribed.ts'
import type { Tailer } from './tailer.ts'

/** Between two summaries of one reader, in milliseconds: at most four a second. */
const gapMs = 250
export const heartbeatMs = 2_000
const mostJobs = 100

/** Reads how things stand, once for all readers who want the same generation. */
export type SummaryMaker = () => Promise<{ generation: number; summary: LiveSummary }>

export function createSummaries({ database, lockFolder }: Machine, tailer: Tailer): SummaryMaker {
  let last: { generation: number; at: number; made: ReturnType<SummaryMaker> } | null = null
  return () => {
    const { generation, epoch, lastId } = tailer.state()
    // A runner that dies writes nothing: it is looked at again with every heartbeat.
    if (last?.generation === generation && performance.now() - last.at < heartbeatMs / 2) return last.made
    const made = read(database.db, lockFolder).then((parts) => ({
      generation,
      summary: { at: Date.now(), epoch, lastEventId: lastId, ...parts },
    }))
    last = { generation, at: performance.now(), made }
    made.catch(() => (last = null)) // the next reader tries again
    return made
  }
}

async function read(
  db: Machine['database']['db'],
  lockFolder: string,
): Promise<Omit<LiveSummary, 'at' | 'epoch' | 'lastEventId'>> {
  return {
    jobs: await openJobViews(db, mostJobs),
    workers: await listWorkers(db),
    gates: (await closedGates(db)).map(gateView),
    runners: runnerViews(await openRunners(db), lockFolder),
    pendingCommands: (await openCommands(db)).map(commandView),
  }
}

/** Whole each time, so a reader who is behind is simply given the next one. */
export async function* liveSummary(
  ctx: { summaries: SummaryMaker; tailer: Tailer },
  reader: Reader,
): AsyncGenerator<LiveMessage> {
  const { signal, socket } = reader
  let sent = ''
  while (!signal.aborted) {
    const { generation, summary } = await ctx.summaries()
    const { at, lastEventId, ...rest } = summary
    const text = JSON.stringify(rest)
    if (socket.ws.bufferedAmount <= socket.limits.buffered / 16) {
      if (text === sent) yield { type: 'heartbeat', at: Date.now(), lastEventId }
      else yield { type: 'summary', summary: { ...summary, at } }
      sent = text
    }
    await sleep(gapMs, undefined, { signal }).catch(() => undefined)
    await ctx.tailer.changed(generation, heartbeatMs - gapMs, signal)
  }
}
