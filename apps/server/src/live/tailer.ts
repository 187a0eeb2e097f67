import { setTimeout as sleep } from 'node:timers/promises'
import type { CatalogEvent } from '@catalogsync/contract'
import type { Database } from '@catalogsync/core'
import { eventCursor, eventsAfter } from '@catalogsync/core/reads'

/** The end of the events, as it was last seen. */
export interface TailState {
  epoch: string
  lastId: number
  /** Raised whenever something in the database has changed. */
  generation: number
}

/** One for all readers: it alone asks the database whether something has happened, and only while somebody reads. */
export interface Tailer {
  /** From now until `release` the database is watched. Resolves when the state is fresh. */
  watch(): Promise<{ release: () => void }>
  state(): TailState
  /** Events behind an id, oldest first: from memory if they are recent, else from the table. */
  after(id: number, limit: number): Promise<CatalogEvent[]>
  /** Resolves true once the generation is past `seen`, false after `ms` or at the signal. */
  changed(seen: number, ms: number, signal: AbortSignal): Promise<boolean>
  close(): void
}

/** How many of the latest events are kept in memory. */
const recentSize = 5_000
const page = 1_000

export function createTailer(database: Database, pollMs = 50): Tailer {
  let readers = 0
  let version = ''
  let current: TailState = { epoch: '', lastId: 0, generation: 0 }
  let recent: CatalogEvent[] = []
  let looking: Promise<void> | null = null
  let timer: NodeJS.Timeout | null = null
  const waiting = new Set<() => void>()

  /** One look at a time; who asks meanwhile shares it. */
  function look(): Promise<void> {
    looking ??= lookNow().finally(() => (looking = null))
    return looking
  }

  async function lookNow(): Promise<void> {
    const now = database.version()
    if (now === version) return
    const { epoch, lastId } = await eventCursor(database.db)
    if (epoch !== current.epoch || lastId < current.lastId) recent = []
    await remember(lastId)
    version = now
    current = { epoch, lastId, generation: current.generation + 1 }
    for (const wake of [...waiting]) wake()
  }

  /** The latest events up to `lastId`; a backlog that would not fit anyway is left in the table. */
  async function remember(lastId: number): Promise<void> {
    let from = recent.at(-1)?.id ?? Math.max(current.lastId, lastId - recentSize)
    if (lastId - from > recentSize) {
      recent = []
      from = lastId - recentSize
    }
    while (from < lastId) {
      const events = await eventsAfter(database.db, from, page)
      const last = events.at(-1)
      if (!last) break
      recent.push(...events)
      from = last.id
    }
    if (recent.length > recentSize * 2) recent = recent.slice(-recentSize)
  }

  function poll(): void {
    timer = setTimeout(() => {
      // A database that cannot be read now is asked again; who reads from it themselves is told.
      void look()
        .catch(() => undefined)
        .then(() => {
          if (timer) poll()
        })
    }, pollMs)
    timer.unref()
  }

  function stop(): void {
    if (timer) clearTimeout(timer)
    timer = null
  }

  return {
    async watch() {
      readers += 1
      if (!timer) poll()
      let held = true
      const release = (): void => {
        if (held && --readers === 0) stop()
        held = false
      }
      try {
        // A look that is under way may have begun before what the caller has seen.
        await looking?.catch(() => undefined)
        await look()
      } catch (error) {
        release()
        throw error
      }
      return { release }
    },
    state: () => current,
    async after(id, limit) {
      const first = recent[0]
      // Ids are gap-free, so an event's place follows from its id.
      if (first && id >= first.id - 1) return recent.slice(id - first.id + 1, id - first.id + 1 + limit)
      return eventsAfter(database.db, id, limit)
    },
    async changed(seen, ms, signal) {
      if (current.generation > seen) return true
      if (signal.aborted) return false
      const waited = new AbortController()
      const wake = (): void => waited.abort()
      waiting.add(wake)
      try {
        await sleep(ms, undefined, { signal: AbortSignal.any([signal, waited.signal]) }).catch(
          () => undefined,
        )
      } finally {
        waiting.delete(wake)
      }
      return current.generation > seen
    },
    close: stop,
  }
}
