import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import type { Outcome, Work } from '../executors/outcome.ts'
import { partPathOf } from '../library/part-path.ts'
import { door, givenMachine, scripted, until, type Machine } from '../testing/machine.ts'

let machine: Machine
afterEach(() => machine.end())

const titles = (n: number): string[] => Array.from({ length: n }, (_, i) => `t${i}`)
const skipped: Outcome = { kind: 'skipped', reason: 'nothing to do' }

/** A download job of `n` songs whose workers wait at a door. */
async function jobAtDoor(n: number) {
  machine = await givenMachine()
  await machine.knownSongs(titles(n))
  const gate = door()
  const begun: string[] = []
  const executors = scripted(async (work: Work, ctx) => {
    if (work.stage === 'download') begun.push(work.song.title)
    return (await gate.pass(ctx.signal)) === 'through' ? skipped : { kind: 'released' }
  })
  const runner = await machine.start({ executors })
  const id = await machine.job({ jobType: 'download_only' })
  await until('all workers to be busy', async () => gate.waiting() === machine.settings.workers.download)
  return { id, gate, begun, runner, executors }
}

describe('a soft pause', () => {
  test('lets what runs finish, claims nothing once it is applied, and then holds', async () => {
    const { id, gate, begun } = await jobAtDoor(20)
    const command = await machine.apply({ type: 'pause', jobRunId: id })
    expect(command.status).toBe('applied')
    expect((await machine.jobView(id)).status).toBe('pause_requested')
    expect((await machine.jobView(id)).stages[0]?.status).toBe('pause_requested')
    gate.open()
    const view = await machine.jobIs(id, 'paused')
    expect(view.stages[0]).toMatchObject({
      status: 'paused',
      counts: { skipped: 3, pending: 17, running: 0 },
    })
    expect(begun).toHaveLength(3)
    const applied = (await machine.events('command_ended'))[0]?.id ?? Infinity
    expect((await machine.events('items_started')).every((event) => event.id < applied)).toBe(true)
  })

  test('of a job whose last items run ends the job', async () => {
    const { id, gate } = await jobAtDoor(3)
    await machine.apply({ type: 'pause', jobRunId: id })
    gate.open()
    await machine.jobIs(id, 'completed')
  })

  test('taken back before it has drained goes on as if nothing had been', async () => {
    const { id, gate } = await jobAtDoor(8)
    await machine.apply({ type: 'pause', jobRunId: id })
    await machine.apply({ type: 'resume', jobRunId: id })
    expect((await machine.jobView(id)).status).toBe('running')
    gate.open()
    expect((await machine.jobIs(id, 'completed')).stages[0]?.counts.skipped).toBe(8)
  })

  test('of one job leaves its workers to the next', async () => {
    const { id, gate, begun } = await jobAtDoor(3)
    await machine.knownSongs(['other'])
    const other = await machine.job({ jobType: 'download_only', scope: { songs: [4] } })
    await machine.apply({ type: 'pause', jobRunId: id })
    gate.open()
    await machine.jobIs(other, 'completed')
    expect(begun).toContain('other')
  })
})

test('a paused job goes on where it was when it is resumed', async () => {
  const { id, gate } = await jobAtDoor(10)
  await machine.apply({ type: 'pause', jobRunId: id, now: true })
  await machine.jobIs(id, 'paused')
  gate.open()
  await machine.apply({ type: 'resume', jobRunId: id })
  const view = await machine.jobIs(id, 'completed')
  expect(view.stages[0]?.counts.skipped).toBe(10)
  const started = (await machine.events('job_status')).map((event) => event.payload.to)
  expect(started).toEqual(['running', 'pause_requested', 'paused', 'queued', 'running', 'completed'])
})

test('stop now gives running items back, and they lose no attempt', async () => {
  const { id } = await jobAtDoor(10)
  await machine.apply({ type: 'pause', jobRunId: id, now: true })
  const view = await machine.jobIs(id, 'paused')
  expect(view.stages[0]?.counts).toMatchObject({ pending: 10, running: 0 })
  expect((await machine.items(id)).every((item) => item.attempts === 0)).toBe(true)
  const attempts = await machine.database.db.selectFrom('job_item_attempts').selectAll().execute()
  expect(attempts.map((row) => [row.outcome, row.refunded])).toEqual(Array(3).fill(['released', 1]))
})

test('stop now also reaches a job that was draining already', async () => {
  const { id } = await jobAtDoor(10)
  await machine.apply({ type: 'pause', jobRunId: id })
  await machine.apply({ type: 'pause', jobRunId: id, now: true })
  expect((await machine.jobIs(id, 'paused')).stages[0]?.counts.pending).toBe(10)
})

describe('cancel', () => {
  test('aborts what runs; what waits stays where it is, in a stage that says canceled', async () => {
    const { id } = await jobAtDoor(10)
    await machine.apply({ type: 'cancel', jobRunId: id })
    const view = await machine.jobIs(id, 'canceled')
    expect(view.stages[0]).toMatchObject({
      status: 'canceled',
      counts: { canceled: 3, pending: 7, running: 0 },
    })
    expect(view.endedAt).not.toBeNull()
  })

  test('removes the partial bytes of what ran and of what was begun before', async () => {
    const { id, gate } = await jobAtDoor(6)
    await machine.apply({ type: 'pause', jobRunId: id, now: true })
    await machine.jobIs(id, 'paused')
    const { downloadLayout } = machine.settings
    for (const item of await machine.items(id)) {
      const songId = Number(item.key.replace('song:', ''))
      const song = { ...machineSong(item.label), id: songId }
      const part = path.join(machine.libraryDir, partPathOf(song, downloadLayout))
      await mkdir(path.dirname(part), { recursive: true })
      await writeFile(part, 'some bytes')
    }
    await machine.apply({ type: 'resume', jobRunId: id })
    await until('workers to be busy again', async () => gate.waiting() === 3)
    await machine.apply({ type: 'cancel', jobRunId: id })
    await machine.jobIs(id, 'canceled')
    await until('what was begun to have no part', async () => (await parts()).length === 3)
  })

  test('of a paused job ends it at once', async () => {
    const { id } = await jobAtDoor(10)
    await machine.apply({ type: 'pause', jobRunId: id, now: true })
    await machine.jobIs(id, 'paused')
    await machine.apply({ type: 'cancel', jobRunId: id })
    expect((await machine.jobView(id)).status).toBe('canceled')
  })

  test('keeps what had been done when the wish came', async () => {
    machine = await givenMachine({ songs: 1 })
    const gate = door()
    const resolve = machine.source.resolve.bind(machine.source)
    machine.source.resolve = async (song, ctx) => {
      const resolved = await resolve(song, ctx)
      await gate.pass(new AbortController().signal)
      return resolved
    }
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    await until('the song to be asked for', async () => gate.waiting() === 1)
    await machine.apply({ type: 'cancel', jobRunId: id })
    const view = await machine.jobIs(id, 'canceled')
    const statuses = view.stages.map((stage) => stage.status)
    expect(statuses).toEqual(['completed', 'completed', 'canceled', 'canceled'])
    expect(view.stages[2]?.counts.canceled).toBe(1)
    gate.open()
  })

  test('says canceled, not skipped, of the stages that it kept from beginning', async () => {
    machine = await givenMachine({ songs: 1 })
    const gate = door()
    machine.source.listPools = async (ctx) => {
      await gate.pass(ctx.signal)
      return { entries: [], complete: true }
    }
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    await until('the source to be asked', async () => gate.waiting() === 1)
    await machine.apply({ type: 'cancel', jobRunId: id })
    const view = await machine.jobIs(id, 'canceled')
    expect(view.stages.slice(1).map((stage) => stage.status)).toEqual(['canceled', 'canceled', 'canceled'])
  })
})

describe('stopping the runner', () => {
  test('gives items back, leaves the job running, and the next start goes on', async () => {
    const { id, gate, runner } = await jobAtDoor(10)
    await runner.stop('SIGTERM')
    const view = await machine.jobView(id)
    expect(view.status).toBe('running')
    expect(view.stages[0]?.counts).toMatchObject({ pending: 10, running: 0 })
    gate.open()
    await machine.start({ executors: scripted(() => skipped) })
    await machine.jobIs(id, 'completed')
    expect(await machine.events('recovery_requeued')).toEqual([])
    expect((await machine.events('runner_stopped'))[0]?.payload.reason).toBe('SIGTERM')
    expect((await readdir(machine.lockFolder)).filter((name) => name.includes(runner.id))).toEqual([])
  })

  test('leaves what does not let go to the next start', async () => {
    machine = await givenMachine()
    await machine.knownSongs(['stuck'])
    let begun = false
    const stuck = scripted(() => ((begun = true), new Promise<Outcome>(() => undefined)))
    const runner = await machine.start({ executors: stuck })
    const id = await machine.job({ jobType: 'download_only' })
    await until('the item to begin', async () => begun)
    let stopped = false
    void runner.stop('SIGTERM').then(() => (stopped = true))
    await until('the runner to give up', async () => {
      machine.clock.advance(1_000)
      return stopped
    })
    await machine.start({
      executors: scripted(() => skipped),
      settings: { ...machine.settings, recoveryMode: 'resume' },
    })
    await machine.jobIs(id, 'completed')
  })
})

test('jobs get workers by priority, and then by age', async () => {
  machine = await givenMachine({ settings: { workers: { collect: 1, sync: 1, download: 1, upload: 1 } } })
  const ids = await machine.knownSongs(['old', 'young', 'urgent'])
  const done: string[] = []
  const job = (i: number, priority: number) =>
    machine.job({ jobType: 'download_only', priority, scope: { songs: [ids[i] ?? 0] } })
  const jobs = [await job(0, 0), await job(1, 0), await job(2, 5)]
  await machine.start({
    executors: scripted((work) => {
      if (work.stage === 'download') done.push(work.song.title)
      return skipped
    }),
  })
  for (const id of jobs) await machine.jobIs(id, 'completed')
  expect(done).toEqual(['urgent', 'old', 'young'])
})

test('one song in two jobs is never worked on twice at once', async () => {
  machine = await givenMachine()
  const ids = await machine.knownSongs(titles(30))
  let together = 0
  let most = 0
  const now = new Set<string>()
  const executors = scripted(async (work) => {
    if (work.stage !== 'download') return skipped
    if (now.has(work.song.title)) together++
    now.add(work.song.title)
    most = Math.max(most, now.size)
    await new Promise((resolve) => setImmediate(resolve))
    now.delete(work.song.title)
    return { kind: 'failed', class: 'permanent', reason: 'on purpose' }
  })
  const jobs = []
  for (let i = 0; i < 3; i++)
    jobs.push(await machine.job({ jobType: 'download_only', scope: { songs: ids } }))
  await machine.start({ executors })
  await machine.start({ executors })
  for (const id of jobs) await machine.jobIs(id, 'completed_with_errors')
  expect(together).toBe(0)
  expect(most).toBeGreaterThan(1)
})

function machineSong(label: string) {
  const nothing = {
    album: null,
    albumArtist: null,
    trackNo: null,
    discNo: null,
    year: null,
    durationMs: null,
  }
  return {
    ...nothing,
    remoteId: label,
    title: label,
    artists: [],
    size: null,
    suffix: 'wav',
    sourceId: 'fake',
  }
}

async function parts(): Promise<string[]> {
  const files = await readdir(machine.libraryDir, { recursive: true })
  return files.filter((name) => name.endsWith('.part'))
}
