import { realpathSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isDead, openDatabase, openRunners, startRunner, type Database } from '@catalogsync/core'
import type { Settings } from '@catalogsync/core/config'
import type { Wiring } from '@catalogsync/core/ports'

export interface RunnerProcess {
  settings: Settings
  wiring: Wiring
  version: string
  /** Asks the runner to let go; its reason, a string, goes into the record. */
  signal: AbortSignal
  /** Called once, when dead runners' work has been recovered and the first claim is near. */
  onStarted?: (runnerId: string, database: Database) => Promise<void> | void
}

/**
 * The runner as a whole process: opens the database, works until `signal` aborts, lets go and closes.
 * @throws AppError if the database, its folder or the library cannot be used; what failed it in the middle
 */
export async function runRunner(options: RunnerProcess): Promise<void> {
  const { settings, wiring, version, signal } = options
  const database = await openDatabase(settings.dbPath, 'create')
  try {
    const runner = await startRunner({
      database,
      settings,
      wiring,
      version,
      lockFolder: lockFolderOf(settings.dbPath),
    })
    const stop = () => void runner.stop(String(signal.reason)).catch(() => undefined) // `ended` tells
    signal.addEventListener('abort', stop, { once: true })
    if (signal.aborted) stop()
    await options.onStarted?.(runner.id, database)
    await runner.ended
  } finally {
    await database.close()
  }
}

/**
 * Where runners of a database show that they are alive. It is the same for every path that leads to the
 * database: from another one's folder a living runner would look dead.
 */
export const lockFolderOf = (dbPath: string): string => join(dirname(realPath(dbPath)), 'runners')

/** The path without symbolic links, as far as it is there. */
function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    const folder = dirname(path)
    return folder === path ? path : join(realPath(folder), basename(path))
  }
}

/** Ids of the runners that are alive now. */
export async function liveRunners(database: Database): Promise<string[]> {
  const folder = lockFolderOf(database.path)
  const open = await openRunners(database.db)
  return open.map((runner) => runner.id).filter((id) => !isDead(folder, id))
}
