import { resolve } from 'node:path'
import { AppError } from '@catalogsync/contract'
import { assignmentsOf } from './env-file.ts'
import { readEnvFile } from './env-read.ts'
import { type Given, type LoadedSettings, resolveSettings } from './resolve.ts'
import { type SettingKey, settingTable } from './schema.ts'

export interface LoadOptions {
  /** Settings given on the command line, by key; relative paths are below `cwd`. */
  flags: Partial<Record<SettingKey, string | undefined>>
  /** The environment of the process. Only the keys of the schema are looked at. */
  processEnv: Record<string, string | undefined>
  /** `--data`: ROOT_DIR, and with it the defaults of all paths. */
  dataDir: string | null
  cwd: string
  /** Folder of the installed program. */
  appHome: string
}

/**
 * The settings of this run: flag, then process environment, then file, then default; an empty value counts
 * as not given. Throws `env_file_missing` if a file that was named does not exist, and `env_invalid` with
 * every problem at once.
 */
export function loadSettings(options: LoadOptions): LoadedSettings {
  const { cwd, dataDir, processEnv } = options
  const given: Given = {
    flags: { ...options.flags, ...(dataDir === null ? {} : { ROOT_DIR: dataDir }) },
    processEnv,
    cwd,
  }
  const named = (key: SettingKey): string | undefined => {
    const value = given.flags[key] || processEnv[key]
    return value ? resolve(cwd, value) : undefined
  }
  const appHome = named('APP_HOME') ?? options.appHome
  const defaultRoot = resolve(appHome, 'data')
  const namedFile = named('ENV_FILE')
  const envFile = namedFile ?? resolve(named('ROOT_DIR') ?? defaultRoot, settingTable.ENV_FILE.default)
  const file = readEnvFile(envFile)
  if (file === null && namedFile !== undefined) throw new AppError('env_file_missing', { path: envFile })
  // A ROOT_DIR in the file moves every other path, but not the file itself, which is already found.
  const rootInFile = file && assignmentsOf(file).get('ROOT_DIR')?.value
  const rootDir = named('ROOT_DIR') ?? (rootInFile ? resolve(envFile, '..', rootInFile) : defaultRoot)
  return resolveSettings({ given, file, envFile, rootDir, appHome })
}
