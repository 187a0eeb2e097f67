import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Node-API 10: with less, the SQLite driver does not refuse to load, it crashes. */
const neededNapi = 10
const neededNode = 'v22.14'

await main()

async function main(): Promise<void> {
  // What follows is imported only now, because an older Node may fail at the import itself.
  if (Number(process.versions['napi']) < neededNapi) {
    const { errorText } = await import('@catalogsync/contract')
    const { pickLanguage } = await import('./language.ts')
    const facts = { found: process.version, needed: neededNode }
    const message = errorText('node_too_old', facts, pickLanguage(process.argv, process.env))
    if (process.argv.includes('--json')) {
      process.stdout.write(`${JSON.stringify({ error: { code: 'node_too_old', facts, message } })}\n`)
    } else process.stderr.write(`${message}\n`)
    process.exitCode = 5
    return
  }
  const { run } = await import('./run.ts')
  const { installFolder } = await import('./install.ts')
  const { screenOf, stopOn } = await import('./process.ts')
  const entry = fileURLToPath(import.meta.url)
  const appHome = installFolder(dirname(entry))
  const { version } = JSON.parse(readFileSync(`${appHome}/package.json`, 'utf8')) as { version: string } // ours
  const code = await run({
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
    out: screenOf(process.stdout),
    err: screenOf(process.stderr),
    entry,
    appHome,
    version,
    stop: stopOn(process),
  })
  // Said explicitly: whatever a library still holds open must not keep a process alive that has let go.
  process.exit(code)
}
