import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { stageTypes, type StageType } from '@catalogsync/contract'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import { executors as realExecutors } from '../executors/index.ts'
import { systemClock, type Clock, type Wiring } from '../ports/index.ts'
import { change } from '../repositories/change.ts'
import { backendsWithObjects } from '../repositories/files.ts'
import { ensurePlaces } from '../repositories/playlists.ts'
import { endRunner, insertRunner } from '../repositories/runners.ts'
import { leavesNothing, tidyUp } from './aftermath.ts'
import { createAdapters, createExecute, type Executors } from './execute.ts'
import { openLibrary, watchGates } from './gates.ts'
import { holdLock } from './lock.ts'
import type { Prepared } from './prepare.ts'
import { publishGroup, type Staged } from './publish.ts'
import { recoverDead } from './recover.ts'
import { createSlots, type Finished } from './slots.ts'
import { songIdsOf } from './songs.ts'
import { tick, type TickResult } from './tick.ts'
import { createWaker } from './waker.ts'
import { loadTasks } from './work.ts'

export interface RunnerOptions {
  database: Database
  settings: Settings
  wiring: Wiring
  /** Folder of the lock files, beside the database. */
  lockFolder: string
  version: string
  clock?: Clock
  executors?: Executors
}

export interface Runner {
  readonly id: string
  /** Resolves when the runner has let go of everything; rejects if its database has failed it. */
  readonly ended: Promise<void>
  /** Lets go: no new claims, what runs is given back, its job stays `running` for the next start. */
  stop(reason: string): Promise<void>
}

/** Outcomes that one transaction takes. */
const groupSize = 500
/** Pause between transactions, so that other writers never starve. */
const gapMs = 2
/** How long work that was told to stop may take before it is left to the next start. */
const stopMs = 8_000
const workersEveryMs = 1_000
/** How often closed gates and other runners are looked at. */
const lookEveryMs = 2_000

/** Opens a runner: takes its lock, recovers what dead ones left, and works until it is stopped. */
export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { database, settings, wiring, lockFolder, version } = options
  const clock = options.clock ?? systemClock
  const id = `${hostname()}-${process.pid}-${randomBytes(4).toString('hex')}`
  const lock = holdLock(lockFolder, id)
  const recovery = { settings, lockFolder, runnerId: id, now: clock.now }
  let libraryId: string
  try {
    await change(database, clock.now(), async (c) => {
      await insertRunner(c.tx, { id, host: hostname(), pid: process.pid, version }, c.now)
      await ensurePlaces(c.tx, settings.sources, settings.backends)
      c.emit('runner_started', {}, { runnerId: id, host: hostname(), pid: process.pid, version })
    })
    await recoverDead(database, recovery)
    libraryId = await openLibrary(database, settings, clock.now())
  } catch (error) {
    lock.release()
    throw error
  }

  const adapters = createAdapters(settings, wiring, await backendsWithObjects(database.db))
  const execute = createExecute(options.executors ?? realExecutors, settings, libraryId, adapters, clock.now)
  const waker = createWaker(database, clock)
  const inbox: { prepared: Prepared[]; staged: Staged[] } = { prepared: [], staged: [] }
  const slots = createSlots(settings.workers, execute, clock.now, (finished) => void sort(finished))
  const ahead: Record<StageType, number> = { collect: 0, sync: 0, download: 0, upload: 0 }
  const under = new Set<Promise<void>>()
  let stopping = false
  let leases = 0
  let workersAt = -workersEveryMs

  /** Where an outcome goes before it can be settled. */
  async function sort(finished: Finished): Promise<void> {
    const { outcome } = finished
    const product = outcome.kind === 'done' ? outcome.product : null
    if (product?.kind === 'file') {
      inbox.staged.push({ finished, file: product.file, clashes: 0 })
    } else if (product?.kind === 'entries') {
      await follow(
        songIdsOf(database, finished.item.gateRef, product.listing.entries, clock.now()).then((songIds) => {
          inbox.prepared.push({ finished, songIds, published: null })
        }),
      )
    } else {
      inbox.prepared.push({ finished, songIds: null, published: null })
    }
    waker.wake()
  }

  /** Work of the runner's own that the end waits for; an error in it ends the runner. */
  async function follow(work: Promise<void>): Promise<void> {
    under.add(work)
    try {
      await work
    } catch (error) {
      fail(error)
    } finally {
      under.delete(work)
      waker.wake()
    }
  }

  let failure: { error: unknown } | null = null
  function fail(error: unknown): void {
    failure ??= { error }
    stopping = true
  }

  async function turn(): Promise<TickResult> {
    const room = roomNow()
    const now = clock.monotonic()
    const workers = now - workersAt >= workersEveryMs ? slots.changes() : null
    if (workers) workersAt = now
    const prepared = inbox.prepared.splice(0, groupSize)
    const staged = inbox.staged.splice(0, groupSize)
    lookAhead(prepared)
    const lease = `${id}.${++leases}`
    const result = await tick(database, clock.now(), {
      runnerId: id,
      lease,
      settings,
      prepared,
      staged,
      room,
      workers,
    })
    inbox.prepared.push(...result.nameless)
    if (result.journaled.length > 0) {
      void follow(
        publishGroup(result.journaled, settings, libraryId).then(({ prepared, again }) => {
          inbox.prepared.push(...prepared)
          inbox.staged.push(...again)
        }),
      )
    }
    if (result.claimed.length > 0) slots.start(await loadTasks(database.db, result.claimed, result.jobs))
    obeyWishes(result)
    if (!leavesNothing(result.aftermath)) void follow(tidyUp(database.db, settings, result.aftermath))
    return result
  }

  /** Fast work is claimed ahead of the slots, as much as one turn has just ended; slow work is not. */
  function lookAhead(prepared: readonly Prepared[]): void {
    for (const stage of stageTypes) {
      const ended = prepared.filter(
        ({ finished: { item, outcome } }) => item.stageType === stage && outcome.kind !== 'released',
      ).length
      ahead[stage] =
        ended > slots.size(stage) / 2 ? Math.min(groupSize, ended * 2) : Math.floor(ahead[stage] / 2)
    }
  }

  function roomNow(): Record<StageType, number> {
    const room = { collect: 0, sync: 0, download: 0, upload: 0 }
    if (!stopping)
      for (const stage of stageTypes) room[stage] = slots.size(stage) + ahead[stage] - slots.held(stage)
    return room
  }

  function obeyWishes({ jobs }: TickResult): void {
    for (const jobId of slots.jobs()) {
      const job = jobs.get(jobId)
      const mine = (item: { jobId: number }) => item.jobId === jobId
      if (job?.status === 'running') continue
      slots.takeBack(mine)
      if (!job || job.status === 'cancel_requested') slots.abort(mine, 'cancel')
      else if (job.stopNow) slots.abort(mine, 'pause')
    }
  }

  const quiet = () =>
    slots.idle() && under.size === 0 && inbox.prepared.length === 0 && inbox.staged.length === 0

  async function loop(): Promise<void> {
    const gates = watchGates(database, settings.libraryDir, libraryId, clock)
    let keptAt = clock.monotonic()
    const keepHouse = async (result: TickResult): Promise<void> => {
      if (clock.monotonic() - keptAt < lookEveryMs) return
      keptAt = clock.monotonic()
      await gates.look(result.gates)
      await recoverDead(database, recovery)
    }
    try {
      let stopBy = Infinity
      while (!(stopping && (quiet() || failure || clock.monotonic() > stopBy))) {
        if (stopping && stopBy === Infinity) {
          stopBy = clock.monotonic() + stopMs
          slots.takeBack(() => true)
          slots.abort(() => true, 'shutdown')
        }
        const result = await turn()
        await keepHouse(result)
        await waker.gap(gapMs)
        if (result.more || result.claimed.length > 0 || inbox.prepared.length + inbox.staged.length > 0)
          continue
        // Nothing to do: not a word to the database until something happens.
        while ((await waker.sleep(nextLook(result))) === 'time' && nothingDue(result)) await keepHouse(result)
      }
    } finally {
      waker.close()
    }
  }

  /** How long nothing needs looking at, if nothing happens: ms. */
  function nextLook({ dueAt }: TickResult): number {
    if (stopping) return 20
    const due = dueAt === null ? Infinity : Math.max(0, dueAt - clock.now())
    return Math.min(due, slots.changed() ? workersEveryMs : lookEveryMs)
  }

  function nothingDue({ dueAt }: TickResult): boolean {
    return !stopping && !slots.changed() && (dueAt === null || dueAt > clock.now())
  }

  async function end(): Promise<void> {
    try {
      await loop()
    } catch (error) {
      fail(error)
    }
    slots.abort(() => true, 'shutdown')
    try {
      // Work that did not let go is left as a dead runner's would be, for the next start to recover.
      if (!failure && quiet()) {
        await change(database, clock.now(), async (c) => {
          if (await endRunner(c.tx, id, c.now))
            c.emit('runner_stopped', {}, { runnerId: id, reason: stopReason })
        })
      }
    } finally {
      lock.release()
      await adapters.close()
    }
    if (failure) throw failure.error
  }

  let stopReason = 'stopped'
  const ended = end()
  ended.catch(() => undefined) // whoever holds the runner awaits it
  return {
    id,
    ended,
    stop(reason) {
      stopReason = reason
      stopping = true
      waker.wake()
      return ended
    },
  }
}
