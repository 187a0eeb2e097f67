import type BetterSqlite3 from 'better-sqlite3'
import { Kysely, sql, type Transaction } from 'kysely'
import { migrate, refuseNewer } from './migrate.ts'
import { sqliteDialect } from './sqlite/dialect.ts'
import { openSqlite } from './sqlite/open.ts'
import type { Tables } from './tables.ts'

/** Anything that queries run on: the database, or a transaction of it. */
export type Queries = Kysely<Tables>
export type Tx = Transaction<Tables>

export interface Database {
  readonly path: string
  readonly db: Kysely<Tables>
  /** One short write transaction: everything in it, or nothing. No network or file work inside. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** Reads that all see the same commit, also where nothing may be written. Short: the log cannot shrink meanwhile. */
  snapshot<T>(work: (db: Queries) => Promise<T>): Promise<T>
  /** Changes whenever a connection of any process, this one too, has changed something. Costs microseconds. */
  version(): string
  close(): Promise<void>
}

/**
 * @param mode `create` makes and migrates the file; `existing` migrates a file that must be there;
 * `readonly` changes nothing.
 * @throws AppError `database_unusable`, `database_newer`, `node_too_old`
 */
export async function openDatabase(
  path: string,
  mode: 'create' | 'existing' | 'readonly' = 'create',
): Promise<Database> {
  const raw = openSqlite(path, mode)
  const db = new Kysely<Tables>({ dialect: sqliteDialect(raw) })
  try {
    await refuseNewer(db, path)
    if (mode !== 'readonly') await migrate(db, path)
  } catch (error) {
    await db.destroy()
    if (raw.open) raw.close()
    throw error
  }
  return {
    path,
    db,
    write: (work) => db.transaction().execute(work),
    snapshot: (work) => db.connection().execute((connection) => snapshot(connection, work)),
    version: versionOf(raw),
    close: () => db.destroy(),
  }
}

// data_version tells of other connections only; total_changes counts the rows that this one has changed.
// Deferred: `transaction()` takes the write lock, which a read-only connection is refused.
async function snapshot<T>(connection: Kysely<Tables>, work: (db: Queries) => Promise<T>): Promise<T> {
  await sql`begin deferred`.execute(connection)
  try {
    return await work(connection)
  } finally {
    await sql`rollback`.execute(connection)
  }
}

function versionOf(raw: BetterSqlite3.Database): () => string {
  const others = raw.prepare('pragma data_version').pluck()
  const own = raw.prepare('select total_changes()').pluck()
  return () => `${String(others.get())}.${String(own.get())}`
}
