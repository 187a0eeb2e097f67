import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import { quoted, reasonKey } from '../executors/classify.ts'
import { checkLibrary, initLibrary, type LibraryState } from '../library/marker.ts'
import { keptFree } from '../library/volume.ts'
import type { Clock } from '../ports/index.ts'
import { change } from '../repositories/change.ts'
import { closeGate, closedGates, openGate, retryGateNow, type GateRow } from '../repositories/gates.ts'
import { libraryId, setLibraryId } from '../repositories/meta.ts'

const library = 'library'
/** How often a library that cannot be used is looked at again. Only a look: a sleeping disk sleeps on. */
const lookEveryMs = 5_000

/**
 * Makes the library's folder and marker when it has never been seen, and closes the volume's gate when a
 * known one cannot be used. Logins that failed, and places that were not configured, are worth a new try: the
 * settings were read again.
 * @returns the id that the library's marker must hold
 */
export async function openLibrary(database: Database, settings: Settings, now: number): Promise<string> {
  await makeInputFolder(settings)
  const id = (await libraryId(database.db)) ?? (await firstSeen(database, settings.libraryDir))
  const state = await checkLibrary(settings.libraryDir, id)
  await change(database, now, async (c) => {
    if (state.ok) await openGate(c, 'volume', library, 'the library can be used')
    else {
      await closeGate(c, { ...volume, reason: state.reason }, false)
    }
    for (const gate of await closedGates(c.tx)) {
      if (gate.kind !== 'volume' && worthARestart.has(gate.failure_class)) await retryGateNow(c, gate)
    }
  })
  return id
}

async function firstSeen({ db }: Database, libraryDir: string): Promise<string> {
  const id = await initLibrary(libraryDir, null)
  await setLibraryId(db, id)
  return (await libraryId(db)) ?? id // another runner may have seen one first
}

const worthARestart: ReadonlySet<string | null> = new Set(['auth', 'local'])

/** The drop folder is ours to make where it lies in our own data; elsewhere it may be a share that is away. */
async function makeInputFolder({ inputDir, rootDir }: Settings): Promise<void> {
  const inside = path.relative(rootDir, inputDir)
  if (inside.startsWith('..') || path.isAbsolute(inside)) return
  await mkdir(inputDir, { recursive: true }).catch(() => undefined) // its source says what is wrong with it
}

/**
 * Opens the volume's gate when what closed it has gone, and says so when something else keeps it closed.
 * A gate that closes again of the same cause soon after it was opened is looked at less and less often, so
 * that a trouble that a look cannot see does not keep the machine busy.
 */
export function watchGates(database: Database, libraryDir: string, id: string, clock: Clock) {
  let lookAt = -Infinity
  let seen = { closedAt: 0, cause: '' }
  let opened = { closedAt: 0, at: -Infinity }
  let again = 0

  /** How often this gate has closed again of the same cause, each time soon after it was opened. */
  function meet(gate: GateRow, now: number): void {
    const cause = reasonKey('', gate.ref, 'local', gate.reason)
    if (gate.closed_at === seen.closedAt) return
    again = cause === seen.cause && now - opened.at < soonMs ? again + 1 : 0
    seen = { closedAt: gate.closed_at, cause }
    if (again > 0) lookAt = now + Math.min(lookMaxMs, lookEveryMs * 2 ** again)
  }

  return {
    async look(gates: readonly GateRow[]): Promise<void> {
      const gate = gates.find((candidate) => candidate.kind === 'volume')
      if (!gate || gate.closed_at === opened.closedAt) return
      const now = clock.monotonic()
      meet(gate, now)
      if (now < lookAt) return
      lookAt = now + lookEveryMs
      const trouble = troubleOf(gate, await checkLibrary(libraryDir, id), libraryDir)
      if (trouble && isKnown(trouble, gate)) return
      await change(database, clock.now(), async (c) => {
        if (trouble) await closeGate(c, { ...volume, ...trouble }, false)
        else await openGate(c, 'volume', library, 'the library can be used again')
      })
      if (!trouble) opened = { closedAt: gate.closed_at, at: clock.monotonic() }
    },
  }
}

const volume = { kind: 'volume', ref: library, class: 'local', until: null } as const
const lookMaxMs = 15 * 60_000
/** A gate that closes within this time of its opening had not truly opened. */
const soonMs = 60_000

type Trouble = { reason: string; neededBytes: number | null }

/** What keeps the gate closed now; null: nothing does. */
function troubleOf(gate: GateRow, state: LibraryState, libraryDir: string): Trouble | null {
  if (!state.ok) return { reason: state.reason, neededBytes: null }
  const neededBytes = gate.needed_bytes ?? keptFree
  if (state.freeBytes >= neededBytes) return null
  const reason = gate.needed_bytes === null ? `disk full on ${quoted(libraryDir)}` : gate.reason
  return { reason, neededBytes }
}

const isKnown = (trouble: Trouble, gate: GateRow): boolean =>
  trouble.reason === gate.reason && trouble.neededBytes === gate.needed_bytes
