import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '@catalogsync/contract'
import { loadSettings, serialiseValue } from '@catalogsync/core/config'
import { demoFolders } from './create.ts'

/** The text of a catalogsync.env that has the demo library as its source and a folder as its backend. */
export function demoEnv(dataDir: string): string {
  const { source, bucket } = demoFolders(dataDir)
  return [
    '# Settings of the demo, written by "serve --demo". What can be set: docs/settings.md',
    '# 演示配置，由 "serve --demo" 写入。可用的设置见 docs/settings.md',
    'SOURCES=demo',
    'SOURCE_DEMO_TYPE=folder',
    `SOURCE_DEMO_PATH=${serialiseValue(source)}`,
    '',
    'BACKENDS=bucket',
    'BACKEND_BUCKET_TYPE=filesystem',
    `BACKEND_BUCKET_PATH=${serialiseValue(bucket)}`,
    '',
  ].join('\n')
}

/**
 * Writes the demo's settings if there are none. An operator's file is never changed: it is `kept` if it has
 * the demo as a source and any backend, and refused with `invalid_input` if not.
 */
export async function writeDemoEnv(
  dataDir: string,
  envFile = join(dataDir, 'catalogsync.env'),
): Promise<'written' | 'kept'> {
  try {
    await mkdir(dirname(envFile), { recursive: true })
    await writeFile(envFile, demoEnv(dataDir), { flag: 'wx', mode: 0o600, flush: true })
    return 'written'
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error) // fs errors carry a code
    if (cause !== 'EEXIST') {
      throw new AppError(
        'folder_not_writable',
        { path: dataDir, what: 'the settings file', cause },
        { cause: error },
      )
    }
  }
  if (configuresDemo(dataDir, envFile)) return 'kept'
  const problem = `${envFile} already exists and does not configure the demo. Nothing was changed. Choose an empty folder with --data, or start without --demo.`
  throw new AppError('invalid_input', { what: '--demo', problem })
}

function configuresDemo(dataDir: string, envFile: string): boolean {
  const { settings } = loadSettings({
    flags: { ENV_FILE: envFile },
    processEnv: {},
    dataDir,
    cwd: dataDir,
    appHome: dataDir,
  })
  const { source } = demoFolders(dataDir)
  const hasSource = settings.sources.some(
    ({ type, values }) => type === 'folder' && values['PATH'] === source,
  )
  return hasSource && settings.backends.length > 0
}
