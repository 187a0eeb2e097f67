import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  isSettledJob,
  type CatalogEvent,
  type CommandInput,
  type EventKind,
  type JobStatus,
  type StartJobInput,
} from '@catalogsync/contract'
import { audit } from '../audit/index.ts'
import { sendCommand } from '../commands/send.ts'
import { startJob } from '../commands/start-job.ts'
import type { Settings } from '../config/settings.ts'
import { openDatabase, type Database } from '../db/open.ts'
import type { ExecutorContext, Outcome, Work } from '../executors/outcome.ts'
import { systemClock, type Clock, type SourceSong } from '../ports/index.ts'
import { getCommand } from '../repositories/commands.ts'
import { eventsAfter } from '../repositories/events.ts'
import { getJob } from '../repositories/jobs.ts'
import { listItems } from '../repositories/items.ts'
import { ensurePlaces } from '../repositories/playlists.ts'
import { upsertSongs } from '../repositories/songs.ts'
import { startRunner, type Runner, type RunnerOptions } from '../runner/runner.ts'
import { plainSettings } from './executor-context.ts'
import { fakeBackend, fakeSong, fakeSource, type FakeBackendScript, type FakeSourceScript } from './fakes.ts'
import { tinyWav } from './wav.ts'

export interface MachineOptions {
  /** Songs that the source has, in one playlist, each with a file of its own. */
  songs?: number
  settings?: Partial<Settings>
  source?: Partial<FakeSourceScript>
  backend?: FakeBackendScript
}

/** A clock that runs like the real one, and can be moved on. */
export type MovableClock = Clock & { advance: (ms: number) => void }

/** A whole machine in a temporary folder: a real database, a real library, a scripted source and backend. */
export async function givenMachine(options: MachineOptions = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), 'machine-'))
  const libraryDir = path.join(folder, 'library')
  const settings: Settings = {
    ...plainSettings(libraryDir),
    rootDir: folder,
    inputDir: path.join(folder, 'input'),
    dbPath: path.join(folder, 'catalogsync.db'),
    sources: [{ id: 'fake', type: 'fake', values: {} }],
    backends: [{ id: 'nas', type: 'fake', values: {} }],
    workers: { collect: 1, sync: 2, download: 3, upload: 2 },
    ...options.settings,
  }
  const songs = await writeSongs(path.join(folder, 'source'), options.songs ?? 0)
  const source = fakeSource({
    pools: [{ remoteId: 'pool', name: 'Pool' }],
    playlists: [playlist('list')],
    songs: { list: songs },
    resolve: (song) => ({ kind: 'file', path: songFile(folder, song.remoteId), size: null }),
    ...options.source,
  })
  const backend = fakeBackend({ id: 'nas', ...options.backend })
  const database = await openDatabase(settings.dbPath)
  const lockFolder = path.join(folder, 'runners')
  const clock = movableClock()
  const wiring = { sources: { fake: () => source }, backends: { fake: () => backend } }
  const runners: Runner[] = []
  const closers: (() => Promise<void>)[] = []

  const start = async (changes: Partial<RunnerOptions> = {}): Promise<Runner> => {
    const given = { database, settings, wiring, lockFolder, version: 'test', clock, ...changes }
    const runner = await startRunner(given)
    runners.push(runner)
    return runner
  }

  return {
    folder,
    libraryDir,
    lockFolder,
    settings,
    source,
    backend,
    database,
    clock,
    wiring,
    songs,
    start,
    songFile: (remoteId: string) => songFile(folder, remoteId),
    /** A second connection to the same file, as another process would have. */
    async another(): Promise<Database> {
      const second = await openDatabase(settings.dbPath)
      closers.push(() => second.close())
      return second
    },
    job: (input: StartJobInput): Promise<number> =>
      startJob(database, input, {
        settings,
        snapshot: { library_root: libraryDir, download_sources: [], env_values: {} },
        by: 'test',
        now: clock.now(),
      }),
    /** Songs that the catalog knows already, as `download_only` finds them. @returns their ids in order */
    async knownSongs(titles: readonly string[]): Promise<number[]> {
      const known = await database.write(async (tx) => {
        await ensurePlaces(tx, settings.sources, settings.backends)
        const some = titles.map((title) => fakeSong(title, { suffix: 'wav' }))
        return upsertSongs(tx, 'fake', some, clock.now())
      })
      return titles.map((title) => known.get(title) ?? 0)
    },
    /** Sends a command and waits until a runner has ended it. */
    async apply(input: CommandInput) {
      const id = await sendCommand(database, input, { by: 'test', now: clock.now() })
      return until(`the command ${input.type} to end`, async () => {
        const command = await getCommand(database.db, id)
        return command?.endedAt != null && command
      })
    },
    jobView: (id: number) => getJob(database.db, id),
    items: async (id: number) => (await listItems(database.db, id, { limit: 100_000 })).rows,
    async jobIs(id: number, ...statuses: JobStatus[]) {
      return until(`job ${id} to be ${statuses.join(' or ')}`, async () => {
        const view = await getJob(database.db, id)
        if (isSettledJob(view.status) && !statuses.includes(view.status)) {
          const { rows } = await listItems(database.db, id, { status: 'failed' })
          const reasons = rows.map((item) => `${item.label}: ${item.reason}`).join('; ')
          throw new Error(`job ${id} ended ${view.status} instead of ${statuses.join(' or ')}: ${reasons}`)
        }
        return statuses.includes(view.status) && view
      })
    },
    /** Waits until nobody writes any more: whatever was ready has been done. */
    async quiet(): Promise<void> {
      let [version, since] = [database.version(), performance.now()]
      await until('the machine to be quiet', async () => {
        if (database.version() !== version) [version, since] = [database.version(), performance.now()]
        return performance.now() - since > 200
      })
    },
    async events<K extends EventKind>(kind: K): Promise<Extract<CatalogEvent, { kind: K }>[]> {
      const all = await eventsAfter(database.db, 0, 1_000_000)
      return all.filter((event): event is Extract<CatalogEvent, { kind: K }> => event.kind === kind)
    },
    /** What the audit says of it now, every byte read. */
    async violations(): Promise<string[]> {
      const looking = await openDatabase(settings.dbPath, 'readonly')
      try {
        const options = { database: looking, settings, lockFolder, bytes: 'all', now: clock.now } as const
        const { findings } = await audit(options)
        return findings.filter((f) => f.severity === 'violation').map((f) => `${f.check}: ${f.message}`)
      } finally {
        await looking.close()
      }
    },
    async end(): Promise<void> {
      for (const runner of runners) await runner.stop('the test is over').catch(() => undefined)
      for (const close of closers) await close()
      await database.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export type Machine = Awaited<ReturnType<typeof givenMachine>>

/** Waits for something to become true, and fails with its name if it does not. */
export async function until<T>(
  what: string,
  look: () => Promise<T | false | null | undefined>,
  withinMs = 30_000,
): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const seen = await look()
    if (seen !== false && seen !== null && seen !== undefined) return seen
    if (performance.now() > end) throw new Error(`waited in vain for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
}

/** One function in the place of all four executors. */
export function scripted(play: (work: Work, ctx: ExecutorContext) => Outcome | Promise<Outcome>) {
  const executor = (work: Work, ctx: ExecutorContext): Promise<Outcome> => Promise.resolve(play(work, ctx))
  return { collect: executor, sync: executor, download: executor, upload: executor }
}

/** A door that executors wait at until the test opens it, or their signal aborts. */
export function door() {
  let open: (() => void) | undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  let waiting = 0
  return {
    open: () => open?.(),
    waiting: () => waiting,
    /** @returns `released` if the signal came first */
    async pass(signal: AbortSignal): Promise<'through' | 'released'> {
      waiting += 1
      const aborted = new Promise<'released'>((resolve) => {
        if (signal.aborted) resolve('released')
        signal.addEventListener('abort', () => resolve('released'), { once: true })
      })
      return Promise.race([opened.then(() => 'through' as const), aborted]).finally(() => (waiting -= 1))
    },
  }
}

export function playlist(remoteId: string) {
  return { remoteId, name: `List ${remoteId}`, songCount: null, changeToken: null, locator: null }
}

function movableClock(): MovableClock {
  let offset = 0
  return {
    now: () => systemClock.now() + offset,
    monotonic: () => systemClock.monotonic() + offset,
    sleep: (ms, signal) => systemClock.sleep(ms, signal),
    advance: (ms) => (offset += ms),
  }
}

const songFile = (folder: string, remoteId: string): string => path.join(folder, 'source', `${remoteId}.wav`)

async function writeSongs(folder: string, count: number): Promise<SourceSong[]> {
  await mkdir(folder, { recursive: true })
  const songs: SourceSong[] = []
  for (let i = 1; i <= count; i++) {
    await writeFile(path.join(folder, `s${i}.wav`), tinyWav({ seconds: 0.05, hz: 200 + i }))
    songs.push(fakeSong(`s${i}`, { title: `Song ${i}`, artists: ['Artist'], album: 'Album', suffix: 'wav' }))
  }
  return songs
}
