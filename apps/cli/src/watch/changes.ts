import { setTimeout as delay } from 'node:timers/promises'
import type { Database } from '@catalogsync/core'

/** How often the database is asked whether it has changed. Reads memory, not the disk. */
const pollMs = 100

export interface Changes {
  /** Resolves when somebody has committed since the last call, after `ms` at the latest, or when `stop` aborts. */
  next(ms: number): Promise<void>
}

export function changesOf(database: Database, stop: AbortSignal): Changes {
  let seen = database.version()
  return {
    async next(ms) {
      for (let waited = 0; waited < ms && !stop.aborted; waited += pollMs) {
        const now = database.version()
        if (now !== seen) {
          seen = now
          return
        }
        await delay(Math.min(pollMs, ms - waited), undefined, { signal: stop }).catch(() => undefined) // aborted
      }
    },
  }
}
