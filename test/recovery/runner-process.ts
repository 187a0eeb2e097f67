import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A runner in a process of its own, for tests that kill it. The argument is the data folder. */
const [dataDir = ''] = process.argv.slice(2)
enableCompileCache(path.join(tmpdir(), 'catalogsync-test-cache')) // before the imports: fifty starts are to be quick
const { openDatabase, startRunner } = await import('@catalogsync/core')
const { loadSettings } = await import('@catalogsync/core/config')
const { sourceTypes } = await import('@catalogsync/sources')
const { backendTypes } = await import('@catalogsync/storage')

const { settings } = loadSettings({ flags: {}, processEnv: {}, dataDir, cwd: dataDir, appHome: dataDir })
const database = await openDatabase(settings.dbPath)
const runner = await startRunner({
  database,
  settings,
  wiring: { sources: sourceTypes, backends: backendTypes },
  lockFolder: path.join(settings.rootDir, 'runners'),
  version: 'test',
})
process.on('SIGTERM', () => void runner.stop('SIGTERM'))
process.on('disconnect', () => process.exit())
process.send?.('ready')
await runner.ended
await database.close()
process.disconnect()
