import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '@catalogsync/contract'

/** How long a writer waits for another process's transaction, in milliseconds. */
const busyTimeoutMs = 10_000

/**
 * Opens the file with everything that the promises rest on. `synchronous` is not kept in the file:
 * a connection that did not set it would acknowledge what a power cut can take back.
 */
export function openSqlite(path: string, mode: 'create' | 'existing' | 'readonly'): BetterSqlite3.Database {
  if (Number(process.versions['napi'] ?? '0') < 10) {
    throw new AppError('node_too_old', { found: process.version, needed: 'v22.14' })
  }
  try {
    const raw = new BetterSqlite3(path, {
      readonly: mode === 'readonly',
      fileMustExist: mode !== 'create',
      timeout: busyTimeoutMs,
    })
    try {
      if (mode !== 'readonly') raw.pragma('journal_mode = WAL')
      raw.pragma('synchronous = FULL')
      raw.pragma('foreign_keys = ON')
      raw.pragma('temp_store = MEMORY')
      raw.pragma('cache_size = -32000')
      raw.pragma('wal_autocheckpoint = 2000')
      raw.prepare('select count(*) from sqlite_schema').get()
    } catch (error) {
      raw.close()
      throw error
    }
    return raw
  } catch (error) {
    throw new AppError('database_unusable', { path, cause: causeOf(error) }, { cause: error })
  }
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  switch (code) {
    case 'SQLITE_NOTADB':
      return 'the file is not an SQLite database'
    case 'SQLITE_CORRUPT':
      return 'the file is damaged'
    case 'SQLITE_CANTOPEN':
      return 'the file or its folder cannot be read or made'
    case 'SQLITE_READONLY':
    case 'SQLITE_READONLY_DIRECTORY':
      return 'the file or its folder is read-only'
    case 'SQLITE_FULL':
    case 'SQLITE_IOERR_SHMSIZE':
      return 'the disk is full'
    case 'SQLITE_BUSY':
      return 'another program keeps it locked'
    default:
      return error instanceof Error ? error.message : String(error)
  }
}
