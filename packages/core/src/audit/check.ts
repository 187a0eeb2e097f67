import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import type { StorageBackend } from '../ports/index.ts'
import type { Reporter } from './report.ts'

/** What a check works with. It reads, and tells the reporter; it writes nothing anywhere. */
export interface AuditContext {
  database: Database
  settings: Settings
  lockFolder: string
  bytes: 'none' | 'sample' | 'all'
  /** null: objects are judged by their rows alone. */
  backends: ((id: string) => StorageBackend | null) | null
  signal: AbortSignal
  /** Wall time, ms since the epoch. */
  now: () => number
  report: Reporter
}

export type Check = (ctx: AuditContext) => Promise<void>

/** Rows a page by ascending id: a million of them cost no more memory than one page. */
export async function* pages<R extends { id: number }>(
  signal: AbortSignal,
  read: (after: number) => Promise<R[]>,
): AsyncGenerator<R[]> {
  for (let after = 0; ;) {
    signal.throwIfAborted()
    const rows = await read(after)
    const last = rows.at(-1)
    if (!last) return
    yield rows
    after = last.id
  }
}
