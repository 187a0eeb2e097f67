import { existsSync } from 'node:fs'
import { access, constants, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError, errorText, type Language } from '@catalogsync/contract'
import { checkLibrary, libraryId, markerName, openDatabase, type Database } from '@catalogsync/core'
import { loadSettings, type LoadedSettings, type Settings } from '@catalogsync/core/config'
import type { Io } from './io.ts'
import { commonText } from './messages/common.ts'
import { configText } from './messages/config.ts'
import type { Output } from './output.ts'

/** The options that every verb takes. */
export interface Globals {
  data?: string
  db?: string
  envFile?: string
  json?: boolean
  lang?: string
}

/** What every verb is given. */
export interface Context {
  io: Io
  out: Output
  language: Language
  globals: Globals
}

/** @throws AppError `env_file_missing`, `env_invalid` */
export function settingsOf(ctx: Context, listen: { host?: string; port?: string } = {}): LoadedSettings {
  const { io, globals } = ctx
  return loadSettings({
    flags: { DB_PATH: globals.db, ENV_FILE: globals.envFile, WEB_HOST: listen.host, WEB_PORT: listen.port },
    processEnv: io.env,
    dataDir: globals.data ?? null,
    cwd: io.cwd,
    appHome: io.appHome,
  })
}

/**
 * Opens the database that is there, for one piece of work.
 * @throws AppError `no_data`, and what `openDatabase` throws
 */
export async function withDatabase<T>(
  ctx: Context,
  mode: 'readonly' | 'existing',
  work: (database: Database, loaded: LoadedSettings) => Promise<T>,
): Promise<T> {
  const loaded = settingsOf(ctx)
  const path = loaded.settings.dbPath
  if (!existsSync(path)) throw new AppError('no_data', { path })
  const database = await openDatabase(path, mode)
  try {
    return await work(database, loaded)
  } finally {
    await database.close()
  }
}

/** Makes the folder of the database, for the processes that may begin one. @throws AppError `folder_not_writable` */
export async function prepareFolder(settings: Settings): Promise<void> {
  const path = dirname(settings.dbPath)
  try {
    await mkdir(path, { recursive: true })
    await access(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error) // fs errors carry a code
    const cause = causes[code] === undefined ? code : `${causes[code]} (${code})`
    throw new AppError('folder_not_writable', { path, what: 'data folder', cause }, { cause: error })
  }
}

const causes: Partial<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EROFS: 'it is mounted read-only',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'something on the way is not a folder',
  EEXIST: 'it is a file',
}

/** Says what an operator should know before work begins: keys without effect, a library that is not there. */
export async function warnOf(ctx: Context, loaded: LoadedSettings, database: Database): Promise<void> {
  warnOfNotices(ctx, loaded)
  const { libraryDir } = loaded.settings
  const known = await libraryId(database.db)
  if (known === null) return // never seen: the runner will make it
  const state = await checkLibrary(libraryDir, known)
  if (state.ok) return
  const facts = { path: libraryDir, marker: markerName }
  const gone = !existsSync(join(libraryDir, markerName))
  ctx.out.warn(
    gone
      ? errorText('library_marker_missing', facts, ctx.language)
      : commonText(ctx.language).libraryUnusable(state.reason),
  )
}

export function warnOfNotices(ctx: Context, { settings, notices }: LoadedSettings): void {
  for (const notice of notices) ctx.out.warn(configText(ctx.language).notice(settings.envFile, notice))
}

export const isAppError = (thrown: unknown): thrown is AppError => thrown instanceof AppError
