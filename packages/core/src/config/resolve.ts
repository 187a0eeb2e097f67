import { resolve } from 'node:path'
import { AppError } from '@catalogsync/contract'
import type { z } from 'zod'
import { backendsOf, sourcesOf } from './adapters.ts'
import { assignmentsOf, type EnvAssignment, type EnvFile, type EnvProblem } from './env-file.ts'
import { unknownKeyNotices } from './notices.ts'
import { type SettingKey, settingKeys, settingTable } from './schema.ts'
import type { Found, Origin } from './origin.ts'
import type { Settings } from './settings.ts'

export interface LoadedSettings {
  settings: Settings
  /** Every key in effect as text, paths absolute; secrets too, so this is for `snapshotOf` and the like only. */
  values: Record<string, string>
  origin: Record<string, Origin>
  /** What an operator should know and nothing depends on, such as a key that nobody knows. */
  notices: string[]
}

/** What was given besides the file. */
export interface Given {
  flags: Partial<Record<SettingKey, string | undefined>>
  processEnv: Record<string, string | undefined>
  cwd: string
}

export interface ResolveInput {
  given: Given
  file: EnvFile | null
  envFile: string
  rootDir: string
  appHome: string
}

type Parsed = { [K in SettingKey]: z.output<(typeof settingTable)[K]['type']['schema']> }

/** From keys to settings, without touching a disk: also what a text would mean if it were saved. */
export function resolveSettings(input: ResolveInput): LoadedSettings {
  const inFile = input.file ? assignmentsOf(input.file) : new Map<string, EnvAssignment>()
  const problems: EnvProblem[] = [...(input.file?.problems ?? [])]
  const found = Object.fromEntries(settingKeys.map((key) => [key, find(key, inFile, input)])) as Record<
    SettingKey,
    Found
  > // one for each key of the table
  const parsed = parseAll(found, problems)
  const refuse = (key: string, at: Found, problem: string) =>
    void problems.push({ line: at.line, key, problem: problem + whereFrom(at) })

  const values: Record<string, string> = {}
  const origin: Record<string, Origin> = {}
  const take = (key: string, at: Found): void => {
    values[key] = at.text
    origin[key] = at.origin
  }
  for (const key of settingKeys) take(key, found[key])
  const family = { inFile, processEnv: input.given.processEnv, cwd: input.given.cwd, rootDir: input.rootDir }
  const sources = sourcesOf(parsed.SOURCES, found.SOURCES, found.INPUT_DIR.text, family, take, refuse)
  const backends = backendsOf(parsed.BACKENDS, found, family, take, refuse)
  checkTogether(
    parsed,
    found,
    sources.map((source) => source.id),
    refuse,
  )
  if (problems.length > 0) {
    problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0))
    throw new AppError('env_invalid', { path: input.envFile, problems })
  }
  const settings: Settings = {
    envFile: parsed.ENV_FILE,
    appHome: parsed.APP_HOME,
    rootDir: parsed.ROOT_DIR,
    dbPath: parsed.DB_PATH,
    libraryDir: parsed.LIBRARY_DIR,
    inputDir: parsed.INPUT_DIR,
    logDir: parsed.LOG_DIR,
    downloadLayout: parsed.DOWNLOAD_LAYOUT,
    webHost: parsed.WEB_HOST,
    webPort: parsed.WEB_PORT,
    webAllowedHosts: parsed.WEB_ALLOWED_HOSTS,
    tz: parsed.TZ,
    recoveryMode: parsed.RECOVERY_MODE,
    fileMode: parsed.FILE_MODE,
    dirMode: parsed.DIR_MODE,
    puid: parsed.PUID,
    pgid: parsed.PGID,
    sources,
    downloadSources: parsed.DOWNLOAD_SOURCES,
    backends,
    workers: {
      collect: parsed.WORKERS_COLLECT,
      sync: parsed.WORKERS_SYNC,
      download: parsed.WORKERS_DOWNLOAD,
      upload: parsed.WORKERS_UPLOAD,
    },
    retryAttempts: parsed.RETRY_ATTEMPTS,
    retryBaseMs: parsed.RETRY_BASE_MS,
    retryMaxMs: parsed.RETRY_MAX_MS,
  }
  return { settings, values, origin, notices: unknownKeyNotices(inFile, values) }
}

function find(key: SettingKey, inFile: Map<string, EnvAssignment>, input: ResolveInput): Found {
  const isPath = settingTable[key].type.name === 'path'
  const { flags, processEnv, cwd } = input.given
  const below = (folder: string, text: string) => (isPath ? resolve(folder, text) : text)
  const flag = flags[key]
  if (flag) return { text: below(cwd, flag), origin: 'flag', line: null }
  const ofProcess = processEnv[key]
  if (ofProcess && !(key === 'TZ' && !usable('TZ', ofProcess))) {
    return { text: below(cwd, ofProcess), origin: 'process', line: null }
  }
  const line = inFile.get(key)
  // The two that say where the file itself and the program are cannot be said in it.
  if (line?.value && key !== 'ENV_FILE' && key !== 'APP_HOME') {
    const text = key === 'ROOT_DIR' ? input.rootDir : below(input.rootDir, line.value)
    return { text, origin: 'file', line: line.number }
  }
  return { text: defaultText(key, input, below), origin: 'default', line: null }
}

function defaultText(
  key: SettingKey,
  input: ResolveInput,
  below: (folder: string, text: string) => string,
): string {
  if (key === 'APP_HOME') return input.appHome
  if (key === 'ROOT_DIR') return input.rootDir
  if (key === 'ENV_FILE') return input.envFile
  if (key === 'TZ') return systemTimeZone()
  const text = settingTable[key].default
  return text === '' ? '' : below(input.rootDir, text)
}

/** The C library allows more in TZ than a time zone's name (`:/etc/localtime`, `CST-8`); that is not an error. */
function usable(key: SettingKey, text: string): boolean {
  return settingTable[key].type.schema.safeParse(text).success
}

function systemTimeZone(): string {
  const zone = new Intl.DateTimeFormat('en').resolvedOptions().timeZone
  return usable('TZ', zone) ? zone : 'UTC'
}

function parseAll(found: Record<SettingKey, Found>, problems: EnvProblem[]): Parsed {
  const entries = settingKeys.map((key) => {
    const { text, line } = found[key]
    const read = settingTable[key].type.schema.safeParse(text)
    if (read.success) return [key, read.data] as const
    for (const issue of read.error.issues) {
      problems.push({ line, key, problem: issue.message + whereFrom(found[key]) })
    }
    // Good enough to go on and find the other problems; nothing is returned once there is one.
    const fallback = key === 'TZ' ? 'UTC' : settingTable[key].default
    return [key, settingTable[key].type.schema.parse(fallback)] as const
  })
  return Object.fromEntries(entries) as Parsed // each value was read by the schema of its key
}

function whereFrom(at: Found): string {
  if (at.origin === 'flag') return ' (given on the command line)'
  return at.origin === 'process' ? ' (given in the process environment)' : ''
}

function checkTogether(
  parsed: Parsed,
  found: Record<SettingKey, Found>,
  sourceIds: string[],
  refuse: (key: string, at: Found, problem: string) => void,
): void {
  for (const id of parsed.DOWNLOAD_SOURCES) {
    if (!sourceIds.includes(id)) {
      refuse('DOWNLOAD_SOURCES', found.DOWNLOAD_SOURCES, `names "${id}", which is not in SOURCES`)
    }
  }
  if (parsed.RETRY_BASE_MS > parsed.RETRY_MAX_MS) {
    const later = found.RETRY_BASE_MS.line === null ? 'RETRY_MAX_MS' : 'RETRY_BASE_MS'
    refuse(later, found[later], 'RETRY_BASE_MS must not be more than RETRY_MAX_MS')
  }
  if (resolve(parsed.INPUT_DIR) === resolve(parsed.LIBRARY_DIR)) {
    refuse('INPUT_DIR', found.INPUT_DIR, 'must not be the folder of LIBRARY_DIR')
  }
}
