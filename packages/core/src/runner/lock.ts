import { existsSync, mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { AppError } from '@catalogsync/contract'

/**
 * A runner is alive while it holds the write lock of its own small database. The kernel drops the lock
 * with the process, whatever kills it: a free lock means dead, at once, across containers that share the
 * folder, and nothing is ever written to say so.
 */
export interface RunnerLock {
  release(): void
}

/** @throws AppError `runner_id_taken`, `folder_not_writable` */
export function holdLock(folder: string, runnerId: string): RunnerLock {
  const file = lockFile(folder, runnerId)
  let raw: BetterSqlite3.Database
  try {
    mkdirSync(folder, { recursive: true })
    raw = new BetterSqlite3(file, { timeout: 0 })
  } catch (error) {
    throw new AppError(
      'folder_not_writable',
      { path: folder, what: 'runner locks', cause: causeOf(error) },
      { cause: error },
    )
  }
  try {
    raw.exec('begin immediate')
  } catch (error) {
    raw.close()
    throw new AppError('runner_id_taken', { path: file }, { cause: error })
  }
  return {
    release() {
      raw.exec('rollback')
      raw.close()
      rmSync(file, { force: true })
    },
  }
}

/** Is the runner's lock free? A lock file that is not there was released, or its folder was cleaned. */
export function isDead(folder: string, runnerId: string): boolean {
  const file = lockFile(folder, runnerId)
  if (!existsSync(file)) return true
  let raw: BetterSqlite3.Database
  try {
    raw = new BetterSqlite3(file, { timeout: 0, fileMustExist: true })
  } catch {
    return !existsSync(file) // one that may not be opened here proves nothing
  }
  try {
    raw.exec('begin immediate')
    raw.exec('rollback')
    return true
  } catch {
    return false
  } finally {
    raw.close()
  }
}

export function removeLock(folder: string, runnerId: string): void {
  rmSync(lockFile(folder, runnerId), { force: true })
}

function lockFile(folder: string, runnerId: string): string {
  return path.join(folder, `${runnerId}.lock`)
}

function causeOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
