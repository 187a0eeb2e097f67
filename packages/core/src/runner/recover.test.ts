import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Settings } from '../config/settings.ts'
import { initLibrary } from '../library/marker.ts'
import { partPathOf } from '../library/part-path.ts'
import { change, moveJob } from '../repositories/change.ts'
import { closedGates, closeGate, setProbe } from '../repositories/gates.ts'
import { claimItems, type ClaimedItem } from '../repositories/items.ts'
import { jobOf, jobRow } from '../repositories/jobs.ts'
import { journalPublish } from '../repositories/journal.ts'
import { setLibraryId } from '../repositories/meta.ts'
import { insertRunner } from '../repositories/runners.ts'
import { songOf, songsWithFile } from '../repositories/songs.ts'
import { stagesOfJob } from '../repositories/stages.ts'
import { door, givenMachine, scripted, until, type Machine } from '../testing/machine.ts'
import { tinyWav } from '../testing/wav.ts'
import { holdLock } from './lock.ts'
import { planPage } from './plan.ts'
import { recoverDead, restartReason } from './recover.ts'

let machine: Machine
afterEach(() => machine.end())

const dead = 'host-1-dead'

/** A download job of which a runner that is no more held the first `running` items. */
async function givenDeadRunner(songs: number, running: number) {
  machine = await givenMachine()
  const { database, clock, settings } = machine
  await setLibraryId(database.db, await initLibrary(settings.libraryDir, null))
  await machine.knownSongs(Array.from({ length: songs }, (_, i) => `s${i + 1}`))
  for (let i = 1; i <= songs; i++)
    await writeFile(machine.songFile(`s${i}`), tinyWav({ seconds: 0.05, hz: 300 + i }))
  const jobId = await machine.job({ jobType: 'download_only' })
  const items = await change(database, clock.now(), async (c) => {
    await insertRunner(c.tx, { id: dead, host: 'host', pid: 1, version: 'test' }, c.now)
    await moveJob(c, jobId, 'running')
    const row = await jobRow(c.tx, jobId)
    if (row) await planPage(c, jobOf(row))
    const [stage] = await stagesOfJob(c.tx, jobId)
    const stageId = stage?.id ?? 0
    const claim = { stageId, gateRef: 'fake', limit: running, runnerId: dead, lease: 'dead.1', now: c.now }
    const claimed = await claimItems(c.tx, claim)
    c.count(stageId, 'pending', 'running', claimed.length)
    return claimed
  })
  return { jobId, items }
}

/** How far the dead runner had come with a file. */
async function givenJournal(item: ClaimedItem, how: 'part' | 'renamed' | 'torn') {
  const { database, settings } = machine
  const [row] = await songsWithFile(database.db, [item.songId ?? 0])
  if (!row) throw new Error('no such song')
  const bytes = await readFile(machine.songFile(row.remote_id))
  const final = `Unknown/${row.title}.wav`
  const part = path.join(settings.libraryDir, partPathOf(songOf(row), settings.downloadLayout))
  const target = path.join(settings.libraryDir, final)
  await mkdir(path.dirname(part), { recursive: true })
  await mkdir(path.dirname(target), { recursive: true })
  if (how === 'part') await writeFile(part, bytes)
  else await writeFile(target, how === 'torn' ? bytes.subarray(0, 100) : bytes)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await database.write((tx) =>
    journalPublish(tx, {
      job_item_id: item.id,
      runner_id: dead,
      lease_token: item.lease,
      song_id: item.songId ?? 0,
      part_path: part,
      final_path: final,
      path_key: final.toLowerCase(),
      size: bytes.length,
      sha256,
      facts_json: JSON.stringify({ container: 'wav', durationMs: 50 }),
    }),
  )
  return { part, target, final, sha256 }
}

const withMode = (recoveryMode: Settings['recoveryMode']) => ({
  settings: { ...machine.settings, recoveryMode },
})
const journal = () => machine.database.db.selectFrom('publish_journal').selectAll().execute()

test('what a dead runner held is interrupted, its job paused, its attempt refunded', async () => {
  const { jobId } = await givenDeadRunner(5, 2)
  await machine.start()
  const view = await machine.jobView(jobId)
  expect(view.status).toBe('paused')
  expect(view.stages[0]).toMatchObject({
    status: 'paused',
    counts: { interrupted: 2, pending: 3, running: 0 },
  })
  const interrupted = (await machine.items(jobId)).slice(0, 2)
  for (const item of interrupted)
    expect(item).toMatchObject({ status: 'interrupted', attempts: 0, reason: restartReason })
  const events = await machine.events('recovery_requeued')
  expect(events.map((event) => event.payload)).toEqual([
    { runnerId: dead, count: 2, resumed: false, reason: restartReason },
  ])
  const attempts = await machine.database.db.selectFrom('job_item_attempts').selectAll().execute()
  expect(attempts.map((row) => [row.outcome, row.refunded, row.runner_id])).toEqual(
    Array(2).fill(['interrupted', 1, dead]),
  )
  expect(await machine.violations()).toEqual([])
  await machine.apply({ type: 'resume', jobRunId: jobId })
  await machine.jobIs(jobId, 'completed')
})

test('RECOVERY_MODE=resume puts the items back in line, and the job stays running', async () => {
  const { jobId } = await givenDeadRunner(5, 2)
  await machine.start(withMode('resume'))
  const view = await machine.jobIs(jobId, 'completed')
  expect(view.stages[0]?.counts.succeeded).toBe(5)
  expect((await machine.events('recovery_requeued'))[0]?.payload).toMatchObject({ count: 2, resumed: true })
  expect((await machine.events('job_status')).map((event) => event.payload.to)).toEqual([
    'running',
    'completed',
  ])
  expect(await machine.violations()).toEqual([])
})

test('two recoveries do not double', async () => {
  const { jobId } = await givenDeadRunner(5, 2)
  const { database, settings, lockFolder, clock } = machine
  const context = { settings, lockFolder, runnerId: 'me', now: clock.now }
  await Promise.all([recoverDead(database, context), recoverDead(database, context)])
  await recoverDead(database, context)
  expect(await machine.events('recovery_requeued')).toHaveLength(1)
  expect(await machine.events('runner_stopped')).toHaveLength(1)
  expect((await machine.jobView(jobId)).stages[0]?.counts).toMatchObject({ interrupted: 2, pending: 3 })
})

test('a runner that holds its lock is left alone', async () => {
  const { jobId } = await givenDeadRunner(5, 2)
  const lock = holdLock(machine.lockFolder, dead)
  await machine.start({ executors: scripted(() => ({ kind: 'skipped', reason: 'done' })) })
  await until(
    'the others to be done',
    async () => (await machine.jobView(jobId)).stages[0]?.counts.skipped === 3,
  )
  expect((await machine.jobView(jobId)).stages[0]?.counts.running).toBe(2)
  lock.release()
  machine.clock.advance(5_000)
  await machine.jobIs(jobId, 'paused')
})

describe('a file in the journal', () => {
  test('that had got its name is adopted', async () => {
    const { jobId, items } = await givenDeadRunner(2, 1)
    const { final, sha256 } = await givenJournal(items[0] as ClaimedItem, 'renamed')
    await machine.start()
    expect((await machine.items(jobId))[0]).toMatchObject({
      status: 'succeeded',
      result: { path: final, sha256 },
    })
    expect((await machine.jobView(jobId)).status).toBe('running')
    expect(await machine.events('recovery_requeued')).toEqual([])
    expect(await machine.events('file_published')).toHaveLength(1)
    await machine.jobIs(jobId, 'completed')
    expect(await journal()).toEqual([])
    expect(await machine.violations()).toEqual([])
  })

  test('that had not got its name is interrupted, and fetched again', async () => {
    const { jobId, items } = await givenDeadRunner(2, 1)
    const { target } = await givenJournal(items[0] as ClaimedItem, 'part')
    await machine.start()
    expect((await machine.items(jobId))[0]).toMatchObject({ status: 'interrupted' })
    await expect(stat(target)).rejects.toMatchObject({ code: 'ENOENT' })
    expect(await journal()).toEqual([])
    await machine.apply({ type: 'resume', jobRunId: jobId })
    await machine.jobIs(jobId, 'completed')
    expect(await machine.violations()).toEqual([])
  })

  test('whose bytes are not those that were journalled is a stranger, and is not touched', async () => {
    const { jobId, items } = await givenDeadRunner(1, 1)
    const { target } = await givenJournal(items[0] as ClaimedItem, 'torn')
    await machine.start(withMode('resume'))
    await machine.jobIs(jobId, 'completed')
    expect((await stat(target)).size).toBe(100)
    expect((await machine.items(jobId))[0]?.status).toBe('succeeded')
  })
})

test('a job that was being canceled is canceled, and its partial bytes are removed', async () => {
  const { jobId, items } = await givenDeadRunner(3, 2)
  await givenJournal(items[0] as ClaimedItem, 'part')
  await change(machine.database, machine.clock.now(), (c) => moveJob(c, jobId, 'cancel_requested'))
  await machine.start()
  const view = await machine.jobView(jobId)
  expect(view.status).toBe('canceled')
  expect(view.stages[0]).toMatchObject({ status: 'canceled', counts: { running: 0 } })
  const names = await readdir(machine.libraryDir, { recursive: true })
  expect(names.filter((name) => name.endsWith('.part'))).toEqual([])
})

test('a gate whose probe died with its runner sends another', async () => {
  const { jobId, items } = await givenDeadRunner(2, 1)
  const { database, clock } = machine
  await change(database, clock.now(), async (c) => {
    await closeGate(c, { kind: 'source', ref: 'fake', class: 'blocked', reason: '429', until: c.now }, false)
    const [gate] = await closedGates(c.tx)
    if (gate) await setProbe(c, gate, items[0]?.id ?? 0)
  })
  await machine.start(withMode('resume'))
  await machine.jobIs(jobId, 'completed')
  expect(await closedGates(database.db)).toEqual([])
})

test('a paused job keeps its interrupted items until it is resumed, whatever the mode', async () => {
  const { jobId } = await givenDeadRunner(3, 2)
  await change(machine.database, machine.clock.now(), (c) => moveJob(c, jobId, 'pause_requested'))
  await machine.start(withMode('resume'))
  const view = await machine.jobView(jobId)
  expect(view.status).toBe('paused')
  expect(view.stages[0]?.counts.interrupted).toBe(2)
})

test.each([
  ['has ended', (db: Machine['database']['db']) => db.updateTable('runners').set({ ended_at: 1 }).execute()],
  ['no row knows', (db: Machine['database']['db']) => db.deleteFrom('runners').execute()],
])('items of a runner that %s are interrupted too', async (_, lose) => {
  const { jobId } = await givenDeadRunner(5, 2)
  await lose(machine.database.db)
  await machine.start()
  const view = await machine.jobView(jobId)
  expect(view).toMatchObject({ status: 'paused', stages: [{ counts: { interrupted: 2, running: 0 } }] })
  expect((await machine.events('recovery_requeued')).map((event) => event.payload)).toEqual([
    { runnerId: dead, count: 2, resumed: false, reason: restartReason },
  ])
  expect(await machine.violations()).toEqual([])
})

test('a living runner that was taken for dead lets go, claims nothing more and says why', async () => {
  machine = await givenMachine()
  await machine.knownSongs(['a', 'b', 'c', 'd'])
  const gate = door()
  const started: string[] = []
  const executors = scripted(async (work, ctx) => {
    if (work.stage === 'download') started.push(work.song.title)
    return (await gate.pass(ctx.signal)) === 'through'
      ? { kind: 'skipped', reason: 'done' }
      : { kind: 'released' }
  })
  const workers = { collect: 1, sync: 1, download: 1, upload: 1 }
  const runner = await machine.start({ settings: { ...machine.settings, workers }, executors })
  const jobId = await machine.job({ jobType: 'download_only' })
  await until('the first song', () => Promise.resolve(gate.waiting() === 1))
  // As a runner that cannot see the lock of the first one.
  const blind = {
    settings: machine.settings,
    lockFolder: machine.folder,
    runnerId: 'me',
    now: machine.clock.now,
  }
  await recoverDead(machine.database, blind)
  await expect(runner.ended).rejects.toMatchObject({
    code: 'runner_ousted',
    facts: { runnerId: runner.id },
  })
  expect(gate.waiting()).toBe(0)
  expect(started).toEqual(['a'])
  expect((await machine.jobView(jobId)).stages[0]?.counts).toMatchObject({
    interrupted: 1,
    pending: 3,
    running: 0,
    skipped: 0,
  })
  expect(await machine.violations()).toEqual([])
  gate.open()
  await machine.start({ executors: scripted(() => ({ kind: 'skipped', reason: 'done' })) })
  await machine.apply({ type: 'resume', jobRunId: jobId })
  await machine.jobIs(jobId, 'completed')
})
