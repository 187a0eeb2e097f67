import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import { checkLibrary, initLibrary } from '../library/marker.ts'
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
 */
export async function openLibrary(database: Database, settings: Settings, now: number): Promise<void> {
  await makeInputFolder(settings)
  const known = await libraryId(database.db)
  if (known === null) await setLibraryId(database.db, await initLibrary(settings.libraryDir, null))
  const id = await libraryId(database.db)
  const state = await checkLibrary(settings.libraryDir, id)
  await change(database, now, async (c) => {
    if (state.ok) await openGate(c, 'volume', library, 'the library can be used')
    else {
      const gate = {
        kind: 'volume',
        ref: library,
        class: 'local',
        reason: state.reason,
        until: null,
      } as const
      await closeGate(c, gate, false)
    }
    for (const gate of await closedGates(c.tx)) {
      if (gate.kind !== 'volume' && worthARestart.has(gate.failure_class)) await retryGateNow(c, gate)
    }
  })
}

const worthARestart: ReadonlySet<string | null> = new Set(['auth', 'local'])

/** The drop folder is ours to make where it lies in our own data; elsewhere it may be a share that is away. */
async function makeInputFolder({ inputDir, rootDir }: Settings): Promise<void> {
  const inside = path.relative(rootDir, inputDir)
  if (inside.startsWith('..') || path.isAbsolute(inside)) return
  await mkdir(inputDir, { recursive: true }).catch(() => undefined) // its source says what is wrong with it
}

/** Opens the volume's gate when what closed it has gone. */
export function watchGates(database: Database, settings: Settings, clock: Clock) {
  let lookedAt = -Infinity
  return {
    async look(gates: readonly GateRow[]): Promise<void> {
      const gate = gates.find((candidate) => candidate.kind === 'volume')
      if (!gate || clock.monotonic() - lookedAt < lookEveryMs) return
      lookedAt = clock.monotonic()
      const state = await checkLibrary(settings.libraryDir, await libraryId(database.db))
      if (!state.ok || state.freeBytes < keptFree) return
      await change(database, clock.now(), (c) =>
        openGate(c, 'volume', library, 'the library can be used again'),
      )
    },
  }
}

/** Free space below which a full disk counts as full still. */
const keptFree = 128 * 1024 * 1024
