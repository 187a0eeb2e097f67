import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Outcome, Work } from '../executors/outcome.ts'
import { markerName } from '../library/marker.ts'
import { partPathOf } from '../library/part-path.ts'
import { PortError } from '../ports/index.ts'
import { closedGates } from '../repositories/gates.ts'
import { door, givenMachine, scripted, until, type Machine } from '../testing/machine.ts'

let machine: Machine
afterEach(() => machine.end())

const done: Outcome = { kind: 'skipped', reason: 'done' }
const titleOf = (work: Work): string => (work.stage === 'download' ? work.song.title : '')
const retry = (some: Partial<Extract<Outcome, { kind: 'retry' }>>): Outcome => ({
  kind: 'retry',
  class: 'transient',
  reason: 'on purpose',
  afterMs: null,
  gate: null,
  ...some,
})
const fakeGate = { kind: 'source', ref: 'fake' } as const
const gates = () => closedGates(machine.database.db)

describe('a transient failure', () => {
  test('backs off within the bound of full jitter, and fails after its last try', async () => {
    machine = await givenMachine({ settings: { retryAttempts: 4, retryBaseMs: 1_000, retryMaxMs: 1_500 } })
    await machine.knownSongs(['bad'])
    await machine.start({ executors: scripted(() => retry({ reason: 'no answer' })) })
    const id = await machine.job({ jobType: 'download_only' })
    for (let tries = 1; tries < 4; tries++) {
      await until(`try ${tries}`, async () => (await machine.items(id))[0]?.attempts === tries)
      machine.clock.advance(1_500)
    }
    await machine.jobIs(id, 'completed_with_errors')
    const settled = await machine.events('item_settled')
    expect(settled.map(({ payload }) => payload.outcome)).toEqual(['retry', 'retry', 'retry', 'failed'])
    for (const [i, { at, payload }] of settled.slice(0, 3).entries()) {
      const wait = (payload.availableAt ?? at) - at
      expect(wait).toBeGreaterThanOrEqual(0)
      expect(wait).toBeLessThanOrEqual(Math.min(1_500, 1_000 * 2 ** i))
    }
    expect((await machine.items(id))[0]).toMatchObject({ status: 'failed', class: 'transient', attempts: 4 })
  })

  test('leaves no partial bytes behind when it fails for good', async () => {
    machine = await givenMachine({ settings: { retryAttempts: 1 } })
    await machine.knownSongs(['bad'])
    const { libraryDir, downloadLayout } = machine.settings
    let part = ''
    await machine.start({
      executors: scripted(async (work) => {
        if (work.stage !== 'download') return done
        part = path.join(libraryDir, partPathOf(work.song, downloadLayout))
        await mkdir(path.dirname(part), { recursive: true })
        await writeFile(part, 'half a song')
        return retry({ reason: 'the line was cut' })
      }),
    })
    const id = await machine.job({ jobType: 'download_only' })
    await machine.jobIs(id, 'completed_with_errors')
    await until('the part is gone', () => Promise.resolve(part !== '' && !existsSync(part)))
  })

  test('waits as long as it was told to', async () => {
    machine = await givenMachine()
    await machine.knownSongs(['slow'])
    let tries = 0
    await machine.start({ executors: scripted(() => (++tries === 1 ? retry({ afterMs: 60_000 }) : done)) })
    const id = await machine.job({ jobType: 'download_only' })
    const item = await until('the first try', async () =>
      (await machine.items(id)).find((it) => it.attempts === 1),
    )
    expect(item.availableAt).toBeGreaterThan(machine.clock.now() + 50_000)
    machine.clock.advance(60_000)
    await machine.jobIs(id, 'completed')
  })
})

describe('a source that blocks', () => {
  test('is left alone by everybody until its time is up; one item probes, then all go on', async () => {
    machine = await givenMachine({ settings: { workers: { collect: 1, sync: 1, download: 1, upload: 1 } } })
    await machine.knownSongs(['a', 'b', 'c', 'd'])
    let blocked = true
    const begun: string[] = []
    const gate = door()
    await machine.start({
      executors: scripted(async (work, ctx) => {
        begun.push(titleOf(work))
        if (blocked) return retry({ class: 'blocked', reason: '429', afterMs: 60_000, gate: fakeGate })
        if (begun.length === 2) await gate.pass(ctx.signal)
        return done
      }),
    })
    const id = await machine.job({ jobType: 'download_only' })
    await until('the gate to close', async () => (await gates()).length === 1)
    expect((await machine.jobView(id)).status).toBe('running')
    expect(begun).toEqual(['a'])
    blocked = false
    machine.clock.advance(60_000)
    await until('the probe', async () => gate.waiting() === 1)
    expect((await gates())[0]?.probe_item_id).toBe((await machine.items(id))[1]?.id)
    expect((await machine.jobView(id)).stages[0]?.counts).toMatchObject({ running: 1, pending: 3 })
    gate.open()
    await machine.jobIs(id, 'completed')
    expect(await gates()).toEqual([])
    expect((await machine.items(id)).map((item) => item.attempts)).toEqual([1, 1, 1, 1])
    expect(await machine.events('gate_opened')).toHaveLength(1)
  })

  test('that fails its probe is left alone twice as long', async () => {
    machine = await givenMachine({ settings: { workers: { collect: 1, sync: 1, download: 1, upload: 1 } } })
    await machine.knownSongs(['a'])
    await machine.start({
      executors: scripted(() => retry({ class: 'blocked', reason: '429', gate: fakeGate })),
    })
    await machine.job({ jobType: 'download_only' })
    const waits: number[] = []
    for (let strikes = 0; strikes < 3; strikes++) {
      const gate = await until(`strike ${strikes}`, async () =>
        (await gates()).find((g) => g.strikes === strikes),
      )
      waits.push(Math.round(((gate.closed_until ?? 0) - machine.clock.now()) / 1_000))
      machine.clock.advance((gate.closed_until ?? 0) - machine.clock.now())
    }
    expect(waits[0]).toBeLessThanOrEqual(30)
    expect(waits[1]).toBeGreaterThan(50)
    expect(waits[2]).toBeGreaterThan(110)
  })

  test('is not asked sooner because an item that was under way met the same', async () => {
    machine = await givenMachine({ settings: { workers: { collect: 1, sync: 1, download: 2, upload: 1 } } })
    await machine.knownSongs(['long', 'short'])
    const gate = door()
    await machine.start({
      executors: scripted(async (work, ctx) => {
        if (titleOf(work) === 'short') await gate.pass(ctx.signal)
        const afterMs = titleOf(work) === 'long' ? 600_000 : 1_000
        return retry({ class: 'blocked', reason: '429', afterMs, gate: fakeGate })
      }),
    })
    const id = await machine.job({ jobType: 'download_only' })
    const before = await until('the gate to close', async () => (await gates())[0])
    gate.open()
    await until(
      'both to be back in line',
      async () => (await machine.jobView(id)).stages[0]?.counts.pending === 2,
    )
    expect((await gates())[0]?.closed_until).toBe(before.closed_until)
  })

  test('is asked by an item that comes due only after the gate has', async () => {
    machine = await givenMachine({ settings: { retryAttempts: 9 } })
    await machine.knownSongs(['one', 'two'])
    let calm = false
    await machine.start({
      executors: scripted((work) => {
        if (calm) return done
        if (titleOf(work) === 'two') return retry({ afterMs: 90_000 })
        return retry({ class: 'blocked', reason: '429', afterMs: 30_000, gate: fakeGate })
      }),
    })
    const id = await machine.job({ jobType: 'download_only', scope: { songs: [2] } })
    await until('the wait', async () => (await machine.items(id))[0]?.attempts === 1)
    const other = await machine.job({ jobType: 'download_only', scope: { songs: [1] } })
    await until('the gate to close', async () => (await gates()).length === 1)
    await machine.apply({ type: 'pause', jobRunId: other })
    calm = true
    machine.clock.advance(31_000)
    await machine.quiet() // the runner has looked, and found nobody to send
    machine.clock.advance(60_000)
    await machine.jobIs(id, 'completed')
  })

  test('is probed again when the runner that probed has let go', async () => {
    machine = await givenMachine()
    await machine.knownSongs(['a', 'b'])
    let play: (signal: AbortSignal) => Promise<Outcome> = async () =>
      retry({ class: 'blocked', reason: '429', afterMs: 1_000, gate: fakeGate })
    const gate = door()
    const executors = scripted((_work, ctx) => play(ctx.signal))
    const runner = await machine.start({ executors })
    const id = await machine.job({ jobType: 'download_only' })
    await until('the gate to close', async () => (await gates()).length === 1)
    await until(
      'all to be back in line',
      async () => (await machine.jobView(id)).stages[0]?.counts.pending === 2,
    )
    play = async (signal) => ((await gate.pass(signal)) === 'through' ? done : { kind: 'released' })
    machine.clock.advance(1_000)
    await until('the probe', async () => gate.waiting() === 1)
    await runner.stop('SIGTERM')
    expect((await gates())[0]?.probe_item_id).toBeNull()
    gate.open()
    await machine.start({ executors })
    await machine.jobIs(id, 'completed')
  })
})

test('a probe that meets another closed gate does not keep the first one waiting for it', async () => {
  machine = await givenMachine()
  await machine.knownSongs(['a'])
  let round = 0
  const executors = scripted(() => {
    round++
    if (round === 1) return retry({ class: 'blocked', reason: '429', afterMs: 1_000, gate: fakeGate })
    if (round === 2)
      return retry({ class: 'local', reason: 'disk full', gate: { kind: 'volume', ref: 'library' } })
    return done
  })
  await machine.start({ executors })
  const id = await machine.job({ jobType: 'download_only' })
  await until('the source to close', async () => (await gates()).length === 1)
  machine.clock.advance(1_000)
  await until('the volume to close', async () => (await gates()).length === 2)
  machine.clock.advance(10_000)
  await machine.jobIs(id, 'completed')
})

test('a login that fails closes its gate until the settings are read again', async () => {
  machine = await givenMachine({ songs: 2 })
  const { source } = machine
  const listPools = source.listPools.bind(source)
  source.listPools = () => Promise.reject(new PortError('auth', 'wrong password'))
  const runner = await machine.start()
  const id = await machine.job({ jobType: 'full' })
  const gate = await until('the gate to close', async () => (await gates())[0])
  expect(gate).toMatchObject({ kind: 'source', ref: 'fake', failure_class: 'auth', closed_until: null })
  machine.clock.advance(3_600_000)
  expect((await machine.items(id))[0]).toMatchObject({ status: 'pending', attempts: 0 })
  source.listPools = listPools
  await runner.stop('new password')
  await machine.start()
  await machine.jobIs(id, 'completed')
  expect(await gates()).toEqual([])
})

describe('the library', () => {
  test('that loses its marker in mid-job is left alone, and work goes on when it is back', async () => {
    machine = await givenMachine({
      songs: 20,
      settings: { workers: { collect: 1, sync: 1, download: 1, upload: 1 } },
    })
    const away = path.join(machine.folder, 'away')
    const resolve = machine.source.resolve.bind(machine.source)
    let asked = 0
    machine.source.resolve = async (song, ctx) => {
      // The share goes away, and its empty mount point is left.
      if (++asked === 5) {
        await rename(machine.libraryDir, away)
        await mkdir(machine.libraryDir)
      }
      return resolve(song, ctx)
    }
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    const gate = await until('the gate to close', async () =>
      (await gates()).find((g) => g.kind === 'volume'),
    )
    expect(gate).toMatchObject({ ref: 'library', failure_class: 'local' })
    expect((await machine.jobView(id)).status).toBe('running')
    machine.clock.advance(10_000)
    await until('what runs to let go', async () => {
      const { stages } = await machine.jobView(id)
      return stages.every((stage) => stage.counts.running === 0)
    })
    expect(await readdir(machine.libraryDir)).toEqual([])
    await rm(machine.libraryDir, { recursive: true })
    await rename(away, machine.libraryDir)
    machine.clock.advance(10_000)
    const view = await machine.jobIs(id, 'completed')
    expect(view.stages[2]?.counts.succeeded).toBe(20)
    expect((await machine.items(id)).every((item) => item.attempts === 1)).toBe(true)
  })

  test('is never made anew where a known one was', async () => {
    machine = await givenMachine({ songs: 1 })
    const runner = await machine.start()
    await runner.stop('first')
    await rm(machine.libraryDir, { recursive: true })
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    await until('the song to wait', async () => (await machine.jobView(id)).stages[2]?.counts.pending === 1)
    expect(await readdir(machine.folder)).not.toContain('library')
    expect((await gates())[0]?.reason).toContain(machine.libraryDir)
    await mkdir(machine.libraryDir)
    machine.clock.advance(10_000)
    expect(await readdir(machine.libraryDir)).not.toContain(markerName)
  })
})

test('one song that cannot be published backs off alone and fails, while the others go on', async () => {
  machine = await givenMachine({ songs: 4 })
  const { source } = machine
  const resolve = source.resolve.bind(source)
  // Its part vanishes each time between verified and published: another program tidies the folder up.
  const thief = setInterval(() => {
    void readdir(machine.libraryDir, { recursive: true })
      .then((names) => names.filter((name) => name.includes('Song 2') && name.endsWith('.part')))
      .then((names) =>
        Promise.all(names.map((name) => rm(path.join(machine.libraryDir, name), { force: true }))),
      )
      .catch(() => undefined)
  }, 0)
  source.resolve = (song, ctx) => resolve(song, ctx)
  await machine.start()
  const id = await machine.job({ jobType: 'full' })
  const view = await until('an end', async () => {
    machine.clock.advance(50)
    const now = await machine.jobView(id)
    return now.endedAt !== null && now
  }).finally(() => clearInterval(thief))
  expect(view.stages[2]?.counts.succeeded).toBeGreaterThanOrEqual(3)
  expect(await machine.events('gate_closed')).toEqual([])
})

test('secrets do not get into reasons, logs or events', async () => {
  machine = await givenMachine({
    settings: {
      sources: [{ id: 'fake', type: 'fake', values: { PASSWORD: 'hunter2-hunter2', TOKEN: 'tok-123456' } }],
    },
  })
  await machine.knownSongs(['a', 'b', 'c'])
  await machine.start({
    executors: scripted((work, ctx) => {
      ctx.log('warn', 'logging in with hunter2-hunter2')
      if (titleOf(work) === 'a') throw new Error('GET /x?t=tok-123456 failed')
      if (titleOf(work) === 'b')
        return { kind: 'failed', class: 'permanent', reason: 'refused hunter2-hunter2' }
      return { kind: 'skipped', reason: 'not for tok-123456' }
    }),
  })
  const id = await machine.job({ jobType: 'download_only' })
  await until('an end', async () => {
    machine.clock.advance(50)
    return (await machine.jobView(id)).endedAt !== null
  })
  const { db } = machine.database
  const tables = ['job_items', 'job_item_attempts', 'job_events', 'job_logs', 'gates', 'job_workers'] as const
  const all = await Promise.all(tables.map((table) => db.selectFrom(table).selectAll().execute()))
  expect(JSON.stringify(all)).not.toMatch(/hunter2|tok-123456/)
  expect(JSON.stringify(all)).toContain('‹secret›')
})

test('an attempt leaves at most 200 lines behind', async () => {
  machine = await givenMachine()
  await machine.knownSongs(['chatty'])
  await machine.start({
    executors: scripted((_work, ctx) => {
      for (let i = 0; i < 1_000; i++) ctx.log('info', `line ${i}`)
      return done
    }),
  })
  await machine.jobIs(await machine.job({ jobType: 'download_only' }), 'completed')
  expect(await machine.database.db.selectFrom('job_logs').select('id').execute()).toHaveLength(200)
})
