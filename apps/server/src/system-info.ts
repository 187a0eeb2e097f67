import { stat, statfs } from 'node:fs/promises'
import { hostname, platform, release } from 'node:os'
import type { RunnerView, SystemInfo } from '@catalogsync/contract'
import { isDead } from '@catalogsync/core'
import { countLibrary, eventCursor, openRunners, type RunnerRow } from '@catalogsync/core/reads'
import type { Machine } from './machine.ts'

/** What an operator asks first when something is wrong. */
export async function systemInfo(ctx: Machine & { version: string; startedAt: number }): Promise<SystemInfo> {
  const { database, lockFolder, version, startedAt } = ctx
  const { settings } = ctx.loadSettings()
  const { epoch, lastId } = await eventCursor(database.db)
  const { size } = await stat(database.path)
  return {
    version,
    epoch,
    cursor: `${epoch}.${lastId}`,
    at: Date.now(),
    startedAt,
    hostname: hostname(),
    platform: `${platform()} ${release()}`,
    node: process.version,
    runners: runnerViews(await openRunners(database.db), lockFolder),
    envFile: settings.envFile,
    dbPath: database.path,
    dbBytes: size,
    libraryDir: settings.libraryDir,
    libraryFreeBytes: await freeBytes(settings.libraryDir),
    dataFreeBytes: await freeBytes(settings.rootDir),
    songs: await countLibrary(database.db),
  }
}

export function runnerViews(rows: readonly RunnerRow[], lockFolder: string): RunnerView[] {
  return rows.map((row) => ({
    id: row.id,
    host: row.host,
    pid: row.pid,
    version: row.version,
    startedAt: row.started_at,
    alive: !isDead(lockFolder, row.id),
  }))
}

async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
