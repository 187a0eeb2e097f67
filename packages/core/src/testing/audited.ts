import BetterSqlite3 from 'better-sqlite3'
import { audit, type AuditOptions, type AuditReport } from '../audit/index.ts'
import { openDatabase } from '../db/open.ts'
import type { TempDatabase } from './database.ts'

/** What an audit of a home says, on a connection of its own that can only read. */
export async function audited(
  home: TempDatabase,
  options: Partial<Pick<AuditOptions, 'bytes' | 'backends' | 'signal' | 'now'>> = {},
): Promise<AuditReport> {
  const { lockFolder, settings } = home
  const database = await openDatabase(settings.dbPath, 'readonly')
  try {
    return await audit({ database, settings, lockFolder, bytes: 'none', ...options })
  } finally {
    await database.close()
  }
}

/** Does to a database what no code of ours would do, past its CHECKs and references. */
export function breakRows(home: TempDatabase, ...statements: string[]): void {
  const raw = new BetterSqlite3(home.settings.dbPath)
  try {
    raw.unsafeMode() // lets a test rewrite the schema too
    raw.pragma('ignore_check_constraints = ON')
    raw.pragma('foreign_keys = OFF')
    for (const statement of statements) raw.exec(statement)
  } finally {
    raw.close()
  }
}
