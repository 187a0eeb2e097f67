import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import type { StorageBackend } from '../ports/index.ts'
import type { Check } from './check.ts'
import { commands } from './commands.ts'
import { events } from './events.ts'
import { files } from './files.ts'
import { integrity } from './integrity.ts'
import { items } from './items.ts'
import { jobs } from './jobs.ts'
import { journal } from './journal.ts'
import { objects } from './objects.ts'
import { parts } from './parts.ts'
import { createReporter, type AuditReport } from './report.ts'
import { runners } from './runners.ts'
import { told } from './told.ts'

export type { AuditReport, Finding } from './report.ts'

export interface AuditOptions {
  /** May be open for reading only, and in use by a runner. */
  database: Database
  settings: Settings
  /** Where runners hold their locks, beside the database. */
  lockFolder: string
  /** Which library files are read as a whole; `all` reads the objects too. */
  bytes: 'none' | 'sample' | 'all'
  /** Left out: objects are judged by their rows alone. null: there is no such backend. */
  backends?: (id: string) => StorageBackend | null
  signal?: AbortSignal
  now?: () => number
}

/** The file first: nothing else can be trusted in a damaged one. */
const checks: readonly Check[] = [
  integrity,
  jobs,
  items,
  runners,
  commands,
  events,
  told,
  files,
  parts,
  journal,
  objects,
]

/**
 * Checks everything that Catalogsync promises, on a live or a dead database. Writes nothing, nowhere; what
 * changes while it looks is looked at again before it is called a violation.
 * @throws the signal's reason; AppError `database_unusable` is `openDatabase`'s to throw
 */
export async function audit(options: AuditOptions): Promise<AuditReport> {
  const report = createReporter()
  const { backends = null, signal = new AbortController().signal, now = Date.now, ...rest } = options
  for (const check of checks) await check({ ...rest, backends, signal, now, report })
  return report.report()
}
