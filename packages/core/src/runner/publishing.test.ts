import { copyFile, mkdir, readFile, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { executors } from '../executors/index.ts'
import { door, givenMachine, scripted, until, type Machine } from '../testing/machine.ts'
import { tinyWav } from '../testing/wav.ts'

let machine: Machine
afterEach(() => machine.end())

const one = { collect: 1, sync: 1, download: 1, upload: 1 }
const itemOf = async (jobId: number, stageType: string) =>
  (await machine.items(jobId)).find((item) => item.stageType === stageType)

test('a file that Catalogsync did not put there is never overwritten: the song gets another name', async () => {
  machine = await givenMachine({ songs: 1 })
  await machine.start()
  const stranger = path.join(machine.libraryDir, 'Artist/Album/Song 1.wav')
  await mkdir(path.dirname(stranger), { recursive: true })
  await writeFile(stranger, 'mine')
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  expect(await readFile(stranger, 'utf8')).toBe('mine')
  const [published] = await machine.events('file_published')
  expect(published?.payload.path).toBe('Artist/Album/Song 1 [fake-1].wav')
})

test('the very same bytes under the name are taken for what they are: published once before', async () => {
  machine = await givenMachine({ songs: 1 })
  await machine.start()
  const before = path.join(machine.libraryDir, 'Artist/Album/Song 1.wav')
  await mkdir(path.dirname(before), { recursive: true })
  await copyFile(machine.songFile('s1'), before)
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  expect(await readdir(path.dirname(before))).toEqual(['Song 1.wav'])
  const [published] = await machine.events('file_published')
  expect(published?.payload.path).toBe('Artist/Album/Song 1.wav')
  expect(await machine.violations()).toEqual([])
})

test('where both names are taken the song fails, and says by what', async () => {
  machine = await givenMachine({ songs: 1 })
  await machine.start()
  const folder = path.join(machine.libraryDir, 'Artist/Album')
  await mkdir(folder, { recursive: true })
  for (const name of ['Song 1.wav', 'Song 1 [fake-1].wav']) await writeFile(path.join(folder, name), 'mine')
  const id = await machine.job({ jobType: 'full' })
  await machine.jobIs(id, 'completed_with_errors')
  expect(await itemOf(id, 'download')).toMatchObject({ status: 'failed', class: 'local' })
  expect((await itemOf(id, 'download'))?.reason).toContain('Song 1 [fake-1].wav')
  await until('the bytes that nobody wants to go', async () => (await readdir(folder)).length === 2)
})

test('a name that only folds to a taken one counts as taken', async () => {
  machine = await givenMachine({ songs: 2 })
  Object.assign(machine.songs[0] ?? {}, { title: 'Über' })
  Object.assign(machine.songs[1] ?? {}, { title: 'ÜBER' })
  await machine.start()
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  const paths = (await machine.events('file_published')).map((event) => event.payload.path)
  expect(new Set(paths.map((name) => name.normalize('NFC').toLowerCase())).size).toBe(2)
})

describe('a forced retry', () => {
  async function givenDone() {
    machine = await givenMachine({ songs: 1 })
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    await machine.jobIs(id, 'completed')
    const item = await itemOf(id, 'download')
    const file = path.join(machine.libraryDir, (item?.result as { path: string }).path)
    return { id, targetItemId: item?.id ?? 0, file, before: await readFile(file) }
  }

  test('keeps the good file until the new one is there, and uploads what has changed', async () => {
    const { id, targetItemId, file, before } = await givenDone()
    const after = tinyWav({ seconds: 0.05, hz: 999 })
    await writeFile(machine.songFile('s1'), after)
    const gate = door()
    const resolve = machine.source.resolve.bind(machine.source)
    machine.source.resolve = async (song, ctx) => {
      await gate.pass(ctx.signal)
      return resolve(song, ctx)
    }
    await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
    await until('the song to be fetched', async () => gate.waiting() === 1)
    expect(await readFile(file)).toEqual(before)
    gate.open()
    const view = await machine.jobIs(id, 'completed')
    expect(view.stages[3]?.counts.succeeded).toBe(1)
    expect(await readFile(file)).toEqual(after)
    expect(await machine.events('object_stored')).toHaveLength(2)
    const [object] = [...machine.backend.objects.values()]
    expect(object?.sha256).toBe(((await itemOf(id, 'download'))?.result as { sha256: string }).sha256)
    expect(await machine.violations()).toEqual([])
  })

  test('whose name differs in case only keeps the old spelling, and leaves a stranger of the new one alone', async () => {
    const { id, targetItemId, file } = await givenDone()
    const stranger = path.join(path.dirname(file), 'SONG 1.wav')
    await writeFile(stranger, 'mine')
    await machine.database.db.updateTable('songs').set({ title: 'SONG 1' }).execute()
    await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
    await machine.jobIs(id, 'completed')
    expect(await readFile(stranger, 'utf8')).toBe('mine')
    expect((await readdir(path.dirname(file))).sort()).toEqual(['SONG 1.wav', 'Song 1.wav'])
    expect(await machine.violations()).toEqual([])
  })

  test('that brings nothing usable leaves the good file and its row as they were', async () => {
    const { id, targetItemId, file, before } = await givenDone()
    await writeFile(machine.songFile('s1'), 'this is no sound')
    await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
    await machine.jobIs(id, 'completed_with_errors')
    expect(await readFile(file)).toEqual(before)
    const song = await machine.database.db.selectFrom('songs').select('file_location_id').executeTakeFirst()
    expect(song?.file_location_id).not.toBeNull()
    expect(await machine.violations()).toEqual([])
  })

  test('that leads to another name removes the old file once the new one is published', async () => {
    const { id, targetItemId, file } = await givenDone()
    await machine.database.db.updateTable('songs').set({ title: 'Renamed' }).execute()
    await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
    await machine.jobIs(id, 'completed')
    await until('the old file to go', async () =>
      stat(file).then(
        () => false,
        () => true,
      ),
    )
    expect(await readdir(path.dirname(file))).toEqual(['Renamed.wav'])
  })

  test('of an upload puts the object anew, once, though the backend says that it has it', async () => {
    const { id } = await givenDone()
    const targetItemId = (await itemOf(id, 'upload'))?.id ?? 0
    const calls = (): string => machine.backend.calls.splice(0).join(' ')
    calls()
    await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
    await machine.jobIs(id, 'completed')
    await until(
      'the object to be stored anew',
      async () => (await machine.events('object_stored')).length === 2,
    )
    expect(calls()).toBe('put head')
    const item = machine.database.db
      .selectFrom('job_items')
      .select('payload_json')
      .where('id', '=', targetItemId)
    expect(await item.executeTakeFirst()).toEqual({ payload_json: '{}' })
    await machine.jobIs(await machine.job({ jobType: 'upload_only', scope: { mode: 'all' } }), 'completed')
    expect(calls()).toBe('put head')
  })

  test('while its upload runs makes that upload do it once more', async () => {
    machine = await givenMachine({ songs: 1, settings: { workers: one } })
    const gate = door()
    const held = machine.backend.put.bind(machine.backend)
    let puts = 0
    machine.backend.put = async (request, ctx) => {
      const stored = await held(request, ctx)
      if (++puts === 1) await gate.pass(ctx.signal)
      return stored
    }
    await machine.start()
    const id = await machine.job({ jobType: 'full' })
    await until('the upload to run', async () => gate.waiting() === 1)
    await writeFile(machine.songFile('s1'), tinyWav({ seconds: 0.05, hz: 777 }))
    const targetItemId = (await itemOf(id, 'download'))?.id ?? 0
    await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
    await until('the new file', async () => (await machine.events('file_published')).length === 2)
    gate.open()
    await machine.jobIs(id, 'completed')
    const [object] = [...machine.backend.objects.values()]
    expect(object?.sha256).toBe(((await itemOf(id, 'download'))?.result as { sha256: string }).sha256)
    expect(await machine.violations()).toEqual([])
  })
})

test('a file that has moved gets its copy under its new name', async () => {
  machine = await givenMachine({ songs: 1 })
  await machine.start()
  await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
  await machine.database.db.updateTable('songs').set({ title: 'Renamed' }).execute()
  const again = await machine.job({ jobType: 'download_only', scope: { mode: 'all' } })
  await machine.jobIs(again, 'completed')
  const upload = await machine.job({ jobType: 'upload_only' })
  await machine.jobIs(upload, 'completed')
  expect([...machine.backend.objects.keys()]).toEqual(['Artist/Album/Song 1.wav', 'Artist/Album/Renamed.wav'])
  const nothing = await machine.job({ jobType: 'upload_only' })
  await machine.jobIs(nothing, 'completed')
  expect(await machine.items(nothing)).toEqual([])
  expect(await machine.violations()).toEqual([])
})

test('a file that moves after its upload in the same job is uploaded again', async () => {
  machine = await givenMachine({ songs: 1 })
  await machine.start()
  const id = await machine.job({ jobType: 'full' })
  await machine.jobIs(id, 'completed')
  await machine.database.db.updateTable('songs').set({ title: 'Renamed' }).execute()
  const targetItemId = (await itemOf(id, 'download'))?.id ?? 0
  await machine.apply({ type: 'force_retry_item', jobRunId: id, targetItemId })
  await machine.jobIs(id, 'completed')
  await until('the second copy', async () => machine.backend.objects.size === 2)
  expect([...machine.backend.objects.keys()]).toContain('Artist/Album/Renamed.wav')
})

test('an outcome whose lease has been taken by another is dropped, and nothing is published', async () => {
  machine = await givenMachine({ songs: 1, settings: { workers: one } })
  const gate = door()
  await machine.start({
    executors: {
      ...executors,
      download: async (work, ctx) => {
        const outcome = await executors.download(work, ctx)
        await gate.pass(ctx.signal)
        return outcome
      },
    },
  })
  const id = await machine.job({ jobType: 'full' })
  await until('the song to be staged', async () => gate.waiting() === 1)
  const { db } = machine.database
  const taken = { lease_token: 'another.1', runner_id: 'another' }
  await db.updateTable('job_items').set(taken).where('status', '=', 'running').execute()
  gate.open()
  await machine.quiet()
  expect(await machine.events('file_published')).toEqual([])
  expect(await db.selectFrom('publish_journal').selectAll().execute()).toEqual([])
  const names = await readdir(machine.libraryDir, { recursive: true })
  expect(names.filter((name) => name.endsWith('.wav'))).toEqual([])
  expect(await itemOf(id, 'download')).toMatchObject({ status: 'running', attempts: 0 })
})

test('a song that another job has just brought is not fetched again, and still gets its copy', async () => {
  machine = await givenMachine({ songs: 1, settings: { workers: one } })
  const gate = door()
  const resolve = machine.source.resolve.bind(machine.source)
  machine.source.resolve = async (song, ctx) => {
    await gate.pass(ctx.signal)
    return resolve(song, ctx)
  }
  await machine.start()
  await machine.jobIs(await machine.job({ jobType: 'collect_only' }), 'completed')
  await machine.jobIs(await machine.job({ jobType: 'sync_only' }), 'completed')
  const first = await machine.job({ jobType: 'download_only' })
  await until('the song to be fetched', async () => gate.waiting() === 1)
  const second = await machine.job({ jobType: 'full' })
  await until('the second job to want it', async () => (await itemOf(second, 'download')) !== undefined)
  gate.open()
  await machine.jobIs(first, 'completed')
  await machine.jobIs(second, 'completed')
  expect(await itemOf(second, 'download')).toMatchObject({ status: 'skipped' })
  expect(machine.source.calls.filter((call) => call === 'resolve')).toHaveLength(1)
  expect(machine.backend.objects.size).toBe(1)
})

describe('an idle runner', () => {
  const sizes = async () => {
    const names = (await readdir(machine.folder)).filter((name) => /catalogsync\.db(-wal)?$/.test(name))
    return Promise.all(
      names.map(async (name) => {
        const { size, mtimeMs } = await stat(path.join(machine.folder, name))
        return [name, size, mtimeMs]
      }),
    )
  }

  /** Three seconds of the machine's clock: every look that the runner takes comes round. */
  async function threeSeconds(): Promise<void> {
    await machine.quiet()
    for (let i = 0; i < 30; i++) {
      machine.clock.advance(100)
      await new Promise((resolve) => setTimeout(resolve, 60)) // one poll of the runner
    }
  }

  test('writes not one byte when there is nothing to do', async () => {
    machine = await givenMachine({ songs: 2 })
    await machine.start()
    await machine.jobIs(await machine.job({ jobType: 'full' }), 'completed')
    machine.clock.advance(1_000)
    await machine.quiet()
    const before = await sizes()
    await threeSeconds()
    expect(await sizes()).toEqual(before)
  })

  test('writes not one byte while everything waits at a gate', async () => {
    machine = await givenMachine()
    await machine.knownSongs(['a', 'b', 'c'])
    const gate = { kind: 'source', ref: 'fake' } as const
    await machine.start({
      executors: scripted(() => ({ kind: 'retry', class: 'auth', reason: 'no', afterMs: null, gate })),
    })
    const id = await machine.job({ jobType: 'download_only' })
    await until('the gate to close', async () => (await machine.events('gate_closed')).length > 0)
    await until('all to wait', async () => (await machine.jobView(id)).stages[0]?.counts.pending === 3)
    machine.clock.advance(1_000)
    await machine.quiet()
    const before = await sizes()
    await threeSeconds()
    expect(await sizes()).toEqual(before)
  })
})

test('a runner whose database fails it ends with the error, and does not hang', async () => {
  machine = await givenMachine()
  await machine.knownSongs(['a'])
  const gate = door()
  const runner = await machine.start({
    executors: scripted(async (_work, ctx) =>
      (await gate.pass(ctx.signal)) === 'through'
        ? { kind: 'skipped', reason: 'done' }
        : { kind: 'released' },
    ),
  })
  const id = await machine.job({ jobType: 'download_only' })
  await until('the item to begin', async () => gate.waiting() === 1)
  const { db } = machine.database
  await db.schema.alterTable('job_item_attempts').renameTo('gone').execute()
  gate.open()
  await expect(runner.ended).rejects.toThrow('job_item_attempts')
  await db.schema.alterTable('gone').renameTo('job_item_attempts').execute()
  await machine.start({ executors: scripted(() => ({ kind: 'skipped', reason: 'done' })) })
  await machine.jobIs(id, 'paused')
  expect(await machine.violations()).toEqual([])
})
