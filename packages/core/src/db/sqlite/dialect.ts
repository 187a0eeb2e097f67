import type BetterSqlite3 from 'better-sqlite3'
import {
  CompiledQuery,
  SqliteAdapter,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Dialect,
  type Driver,
} from 'kysely'

/**
 * Kysely's SQLite dialect with what several processes on one file need: transactions that take the
 * write lock at their start, statements prepared once, and migrations that are all or nothing.
 */
export function sqliteDialect(raw: BetterSqlite3.Database): Dialect {
  const database = { close: () => raw.close(), prepare: cachingPrepare(raw) }
  const plain = new SqliteDialect({ database })
  return {
    createDriver: (): Driver => new ImmediateDriver({ database }),
    createAdapter: () => new TransactionalAdapter(),
    createQueryCompiler: () => plain.createQueryCompiler(),
    createIntrospector: (db) => plain.createIntrospector(db),
  }
}

// A deferred transaction that reads and then writes fails with SQLITE_BUSY when another process wrote
// in between, whatever the busy timeout; an immediate one waits for its turn.
class ImmediateDriver extends SqliteDriver {
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}

// Bounded, since the text of a multi-row insert differs with its number of rows.
const maxStatements = 500

function cachingPrepare(raw: BetterSqlite3.Database) {
  const cache = new Map<string, BetterSqlite3.Statement<unknown[]>>()
  return (text: string) => {
    let statement = cache.get(text)
    if (!statement) {
      if (cache.size >= maxStatements) cache.delete(cache.keys().next().value as string) // never empty here
      statement = raw.prepare<unknown[]>(text)
      cache.set(text, statement)
    }
    return statement
  }
}
