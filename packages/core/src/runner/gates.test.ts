import { mkdir, readdir, rename, rm, unlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { localFailure } from '../executors/classify.ts'
import { executors } from '../executors/index.ts'
import type { Outcome, Work } from '../executors/outcome.ts'
import { initLibrary, markerName } from '../library/marker.ts'
import { partPathOf } from '../library/part-path.ts'
import { closedGates } from '../repositories/gates.ts'
import { door, givenMachine, scripted, until, type Machine } from '../testing/machine.ts'

let machine: Machine
afterEach(() => machine.end())

const done: Outcome = { kind: 'skipped', reason: 'done' }
const titleOf = (work: Work): string => (work.stage === 'download' ? work.song.title : '')
const one = { workers: { collect: 1, sync: 1, download: 1, upload: 1 } }
const moreThanAnyDisk = 2 ** 52
const gateOf = async (kind: string) =>
  (await closedGates(machine.database.db)).find((gate) => gate.kind === kind)

describe('another library in the place of ours', () => {
  const swap = async () => {
    const away = path.join(machine.folder, 'away')
    await rename(machine.libraryDir, away)
    await initLibrary(machine.libraryDir, null)
    return async () => {
      await rm(machine.libraryDir, { recursive: true })
      await rename(away, machine.libraryDir)
    }
  }

  test('gets nothing of ours, and work goes on when ours is back', async () => {
    machine = await givenMachine({ songs: 4, settings: one })
    const resolve = machine.source.resolve.bind(machine.source)
    let asked = 0
    let back: (() => Promise<void>) | undefined
    machine.source.resolve = async (song, ctx) => {
      if (++asked === 2) back = await swap()
      return resolve(song, ctx)
    }
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    // In the midst of the swap there is none at all: the next look says what is there now.
    await until('the gate to close', async () => {
      machine.clock.advance(100)
      return (await gateOf('volume'))?.reason.includes('is another library')
    })
    await until('what runs to let go', async () =>
      (await machine.jobView(id)).stages.every((stage) => stage.counts.running === 0),
    )
    expect(await readdir(machine.libraryDir)).toEqual([markerName])
    await back?.()
    machine.clock.advance(10_000)
    await machine.jobIs(id, 'completed')
    expect(await machine.events('file_published')).toHaveLength(4)
  })

  test('is not published into either, when the bytes lie ready', async () => {
    machine = await givenMachine({ settings: one })
    await machine.knownSongs(['a'])
    let part = ''
    await machine.start({
      executors: scripted(async (work) => {
        if (work.stage !== 'download') return done
        await swap()
        part = path.join(machine.libraryDir, partPathOf(work.song, machine.settings.downloadLayout))
        await mkdir(path.dirname(part), { recursive: true })
        await writeFile(part, 'song')
        const facts = { size: 4, sha256: 'f'.repeat(64), container: 'wav', durationMs: null }
        const file = { partPath: part, path: 'A/a.wav', ...facts }
        return { kind: 'done', product: { kind: 'file', file } }
      }),
    })
    await machine.job({ jobType: 'download_only' })
    expect((await until('the gate to close', () => gateOf('volume')))?.reason).toContain('is another library')
    expect(await readdir(machine.libraryDir, { recursive: true })).not.toContain('A/a.wav')
    expect(await readdir(path.dirname(part))).toEqual([path.basename(part)])
  })
})

describe('a full disk', () => {
  test('keeps downloads waiting for as many bytes as they need, and lets uploads through', async () => {
    machine = await givenMachine({ songs: 2 })
    const closed = door()
    let tries = 0
    await machine.start({
      executors: {
        ...executors,
        download: async (work, ctx) => {
          if (work.song.title === 'Song 2') {
            tries++
            return localFailure('disk full', moreThanAnyDisk)
          }
          await closed.pass(ctx.signal)
          return executors.download(work, ctx)
        },
      },
    })
    await machine.job({ jobType: 'full' })
    await until('the gate to close', () => gateOf('volume'))
    closed.open()
    await until('the upload', async () => machine.backend.objects.size === 1)
    for (let look = 0; look < 3; look++) {
      machine.clock.advance(10_000)
      await machine.quiet()
    }
    expect(tries).toBe(1)
    expect(await machine.events('gate_opened')).toEqual([])
  })

  test('is no longer the reason when the library has gone', async () => {
    machine = await givenMachine({ settings: one })
    await machine.knownSongs(['a'])
    await machine.start({ executors: scripted(() => localFailure('disk full', moreThanAnyDisk)) })
    await machine.job({ jobType: 'download_only' })
    await until('the gate to close', () => gateOf('volume'))
    await unlink(path.join(machine.libraryDir, markerName))
    machine.clock.advance(10_000)
    const gate = await until('the new reason', async () => {
      const seen = await gateOf('volume')
      return seen?.reason.includes(markerName) && seen
    })
    expect(gate.needed_bytes).toBeNull()
  })
})

test('a trouble that no look can see is tried less and less often', async () => {
  machine = await givenMachine({ settings: one })
  await machine.knownSongs(['a'])
  let tries = 0
  await machine.start({
    executors: scripted(() => {
      tries++
      return localFailure('the disk reports an input/output error (EIO)')
    }),
  })
  await machine.job({ jobType: 'download_only' })
  await until('the gate to close', () => gateOf('volume'))
  machine.clock.advance(6_000)
  await until('the second try', async () => tries === 2)
  for (const wait of [10_000, 20_000, 40_000]) {
    const before = tries
    await machine.quiet()
    machine.clock.advance(wait * 0.7)
    await machine.quiet()
    expect(tries).toBe(before)
    machine.clock.advance(wait)
    await until('the next try', async () => tries === before + 1)
  }
})

test('an item that has met a gate goes behind those that have not', async () => {
  machine = await givenMachine({ settings: one })
  await machine.knownSongs(['a', 'b', 'c'])
  const begun: string[] = []
  await machine.start({
    executors: scripted((work) => {
      begun.push(titleOf(work))
      return begun.length === 1 ? localFailure('not now') : done
    }),
  })
  const id = await machine.job({ jobType: 'download_only' })
  await until('the gate to close', () => gateOf('volume'))
  expect((await machine.items(id)).map((item) => item.availableAt)).toEqual([null, null, null])
  machine.clock.advance(10_000)
  await machine.jobIs(id, 'completed')
  expect(begun).toEqual(['a', 'b', 'c', 'a'])
})

test.each<[string, Outcome]>([
  ['ended before it asked', { kind: 'skipped', reason: 'needless', unasked: true }],
  ['failed before it asked', { kind: 'failed', class: 'permanent', reason: 'gone', unasked: true }],
  ['got no answer', { kind: 'retry', class: 'transient', reason: 'cut', afterMs: 9e6, gate: null }],
])('a probe that %s opens no gate: another one is sent', async (_how, unanswered) => {
  machine = await givenMachine({ settings: one })
  await machine.knownSongs(['a', 'b', 'c'])
  const gate = { kind: 'source', ref: 'fake' } as const
  const answer = door()
  let tries = 0
  await machine.start({
    executors: scripted(async (_work, ctx) => {
      tries++
      if (tries === 1) return { kind: 'retry', class: 'blocked', reason: '429', afterMs: 60_000, gate }
      if (tries === 2) return unanswered
      await answer.pass(ctx.signal)
      return done
    }),
  })
  const id = await machine.job({ jobType: 'download_only' })
  await until('the gate to close', () => gateOf('source'))
  machine.clock.advance(60_000)
  await until('another probe', async () => answer.waiting() === 1)
  expect((await gateOf('source'))?.probe_item_id).toBe((await machine.items(id))[2]?.id)
  expect(await machine.events('gate_opened')).toEqual([])
  answer.open()
  await until('the gate to open', async () => (await gateOf('source')) === undefined)
})
