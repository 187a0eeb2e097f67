import { fork, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { audit, getCommand, getJob, openDatabase, sendCommand, startJob } from '@catalogsync/core'
import { loadSettings, snapshotOf } from '@catalogsync/core/config'
import { tinyWav } from '@catalogsync/core/testing'
import type { CommandInput, JobStatus, StartJobInput } from '@catalogsync/contract'

/** A data folder with a source of `songs` small files, a bucket folder, and runners as processes of their own. */
export async function givenHome(songs: number, recoveryMode: 'pause' | 'resume') {
  const folder = mkdtempSync(path.join(tmpdir(), 'recovery-'))
  const music = path.join(folder, 'music')
  const bucket = path.join(folder, 'bucket')
  const sourceHashes = writeMusic(music, songs)
  writeFileSync(
    path.join(folder, 'catalogsync.env'),
    [
      'SOURCES=home',
      'SOURCE_HOME_TYPE=folder',
      `SOURCE_HOME_PATH=${music}`,
      'BACKENDS=nas',
      'BACKEND_NAS_TYPE=filesystem',
      `BACKEND_NAS_PATH=${bucket}`,
      `RECOVERY_MODE=${recoveryMode}`,
    ].join('\n'),
  )
  const from = { flags: {}, processEnv: {}, dataDir: folder, cwd: folder, appHome: folder }
  const { settings, values } = loadSettings(from)
  const database = await openDatabase(settings.dbPath)
  const children = new Set<ChildProcess>()

  return {
    folder,
    bucket,
    settings,
    database,
    sourceHashes,
    /** Starts a runner and waits until it has recovered what others left. */
    async runner(): Promise<ChildProcess> {
      const script = path.join(import.meta.dirname, 'runner-process.ts')
      const child = fork(script, [folder], { execArgv: ['--conditions=source'], stdio: 'inherit' })
      children.add(child)
      await new Promise<void>((resolve, reject) => {
        child.once('message', () => resolve())
        child.once('exit', (code) => reject(new Error(`the runner ended with ${code} at its start`)))
      })
      return child
    },
    start: (input: StartJobInput): Promise<number> => {
      const snapshot = snapshotOf(settings, values)
      return startJob(database, input, { settings, snapshot, by: 'test', now: Date.now() })
    },
    async apply(input: CommandInput): Promise<void> {
      const id = await sendCommand(database, input, { by: 'test', now: Date.now() })
      await until(
        `the command ${input.type} to end`,
        async () => (await getCommand(database.db, id))?.endedAt != null,
      )
    },
    async jobIs(id: number, ...statuses: JobStatus[]) {
      return until(`job ${id} to be ${statuses.join(' or ')}`, async () => {
        const view = await getJob(database.db, id)
        return statuses.includes(view.status) && view
      })
    },
    async violations(bytes: 'none' | 'all'): Promise<string[]> {
      const looking = await openDatabase(settings.dbPath, 'readonly')
      try {
        const lockFolder = path.join(settings.rootDir, 'runners')
        const { findings } = await audit({ database: looking, settings, lockFolder, bytes })
        return findings.filter((f) => f.severity === 'violation').map((f) => `${f.check}: ${f.message}`)
      } finally {
        await looking.close()
      }
    },
    async end(): Promise<void> {
      for (const child of children) if (child.exitCode === null) child.kill('SIGKILL')
      await database.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export type Home = Awaited<ReturnType<typeof givenHome>>

export async function until<T>(what: string, look: () => Promise<T | false>, withinMs = 60_000): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen !== false) return seen
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

/** Ends a process for good, without a word to it, and waits until it is gone. */
export const killed = (child: ChildProcess): Promise<void> => ended(child, 'SIGKILL')

/** Asks a runner to let go, and waits until it has. */
export const stopped = (child: ChildProcess): Promise<void> => ended(child, 'SIGTERM')

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill(signal)
  })
}

/** SHA-256 of every audio file below a folder, sorted. */
export function hashesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.wav'))
    .map((name) => sha256(readFileSync(path.join(folder, name))))
    .sort()
}

/** Numbers from 0 to 1, the same ones for the same seed (Lehmer's generator). */
export function seeded(seed: number): () => number {
  let state = (seed % 2147483646) + 1
  return () => (state = (state * 48271) % 2147483647) / 2147483647
}

function writeMusic(folder: string, songs: number): string[] {
  mkdirSync(folder, { recursive: true })
  const names: string[] = []
  const hashes: string[] = []
  for (let i = 1; i <= songs; i++) {
    const name = `song-${String(i).padStart(4, '0')}.wav`
    const bytes = tinyWav({ seconds: 0.02, hz: 200 + i, title: `Song ${i}`, artist: `Artist ${i % 7}` })
    writeFileSync(path.join(folder, name), bytes)
    names.push(name)
    hashes.push(sha256(bytes))
  }
  writeFileSync(path.join(folder, 'all.m3u8'), names.join('\n'))
  return hashes.sort()
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')
