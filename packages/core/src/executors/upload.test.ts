import { createHash } from 'node:crypto'
import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { initLibrary, markerName } from '../library/marker.ts'
import { PortError } from '../ports/index.ts'
import { executorContext } from '../testing/executor-context.ts'
import { fakeBackend, type FakeBackend } from '../testing/fakes.ts'
import { upload } from './upload.ts'

const bytes = Buffer.from('the bytes of a song')
const sha256 = createHash('sha256').update(bytes).digest('hex')
const key = 'Café/夜.wav'
const file = { id: 1, path: key, size: bytes.length, sha256 }

let libraryDir: string
beforeEach(async () => {
  libraryDir = await mkdtemp(path.join(tmpdir(), 'upload-'))
  await initLibrary(libraryDir, null)
  await mkdir(path.join(libraryDir, 'Café'))
  await writeFile(path.join(libraryDir, key), bytes)
})
afterEach(() => rm(libraryDir, { recursive: true }))

const run = (backend: FakeBackend, changes: Partial<typeof file> = {}, signal?: AbortSignal, force = false) =>
  upload(
    { stage: 'upload', backendId: 'fake', file: { ...file, ...changes }, force },
    executorContext({ libraryDir, backend, ...(signal && { signal }) }),
  )

test('a file that the backend does not have is put, and asked for again', async () => {
  const backend = fakeBackend()
  const object = { key, size: bytes.length, sha256, etag: null }
  const done = (alreadyThere: boolean) => ({
    kind: 'done',
    product: { kind: 'object', object, sha256, alreadyThere },
  })
  expect(await run(backend)).toEqual(done(false))
  expect(backend.calls).toEqual(['head', 'put', 'head'])
  expect(await run(backend)).toEqual(done(true))
  expect(backend.calls).toEqual(['head', 'put', 'head', 'head'])
})

test('the key is the path in normal form C', async () => {
  const decomposed = key.normalize('NFD')
  await mkdir(path.join(libraryDir, path.dirname(decomposed)), { recursive: true })
  await writeFile(path.join(libraryDir, decomposed), bytes)
  const backend = fakeBackend()
  expect(await run(backend, { path: decomposed })).toMatchObject({ kind: 'done' })
  expect([...backend.objects.keys()]).toEqual([key])
})

test('an object of another size or with other bytes is put again', async () => {
  for (const other of [
    { size: 3, sha256 },
    { size: bytes.length, sha256: 'f'.repeat(64) },
  ]) {
    const backend = fakeBackend()
    backend.objects.set(key, { key, etag: null, ...other })
    expect(await run(backend)).toMatchObject({ kind: 'done', product: { alreadyThere: false } })
  }
})

test('a backend without hashes is believed by size after a put, never instead of one', async () => {
  const backend = fakeBackend({ hashes: false })
  expect(await run(backend)).toMatchObject({ kind: 'done', product: { sha256, object: { sha256: null } } })
  expect(await run(backend)).toMatchObject({ product: { alreadyThere: false } })
})

test('a backend that then has something else is tried again', async () => {
  const spoilt = [
    fakeBackend({ spoil: () => null }),
    fakeBackend({ spoil: (o) => ({ ...o, size: 1 }) }),
    fakeBackend({ spoil: (o) => ({ ...o, sha256: 'f'.repeat(64) }) }),
  ]
  for (const backend of spoilt) {
    expect(await run(backend)).toMatchObject({ kind: 'retry', class: 'transient', gate: null })
  }
})

test('a file that vanished or changed on disk fails by name', async () => {
  await writeFile(path.join(libraryDir, key), 'shorter')
  expect(await run(fakeBackend())).toEqual({
    kind: 'failed',
    class: 'invalid',
    reason: `file changed on disk: "${key}" had 19 bytes when it was published, 7 now`,
    unasked: true,
  })
  await unlink(path.join(libraryDir, key))
  const backend = fakeBackend()
  expect(await run(backend)).toMatchObject({
    kind: 'failed',
    class: 'permanent',
    reason: expect.stringContaining(`file vanished from disk: "${key}"`) as string,
  })
  expect(backend.calls).toEqual([])
})

test('a library that is not mounted is no vanished file', async () => {
  await unlink(path.join(libraryDir, markerName))
  expect(await run(fakeBackend())).toMatchObject({ class: 'local', gate: { kind: 'volume', ref: 'library' } })
})

test('another library in the place of ours is not read', async () => {
  const backend = fakeBackend()
  const work = { stage: 'upload', backendId: 'fake', file, force: false } as const
  expect(await upload(work, executorContext({ libraryDir, libraryId: 'ours', backend }))).toMatchObject({
    class: 'local',
    gate: { kind: 'volume', ref: 'library' },
    reason: expect.stringContaining('another library') as string,
  })
  expect(backend.calls).toEqual([])
})

test('a path that leads out of the library is not read', async () => {
  expect(await run(fakeBackend(), { path: '../x' })).toMatchObject({ kind: 'failed' })
})

test('a backend’s full disk or refused login closes its own gate', async () => {
  for (const failureClass of ['local', 'auth', 'blocked'] as const) {
    const backend = fakeBackend({ fail: () => new PortError(failureClass, 'no') })
    expect(await run(backend)).toMatchObject({
      kind: 'retry',
      class: failureClass,
      gate: { kind: 'backend', ref: 'fake' },
    })
  }
})

test('an abort releases at once, though the backend hangs', async () => {
  const abort = new AbortController()
  const outcome = run(fakeBackend({ fail: () => 'hang' }), {}, abort.signal)
  abort.abort()
  expect(await outcome).toEqual({ kind: 'released' })
})

test('a library that vanishes while its file is sent is to blame, and not the file', async () => {
  const vanish = (method: string) => {
    if (method !== 'put') return undefined
    rmSync(path.join(libraryDir, markerName))
    return new PortError('permanent', 'there is no such file')
  }
  expect(await run(fakeBackend({ fail: vanish }))).toMatchObject({
    kind: 'retry',
    class: 'local',
    gate: { kind: 'volume', ref: 'library' },
  })
})

test('by force a file is put anew, also where the backend says that it has it', async () => {
  const backend = fakeBackend()
  await run(backend)
  backend.calls.length = 0
  expect(await run(backend, {}, undefined, true)).toMatchObject({
    kind: 'done',
    product: { alreadyThere: false },
  })
  expect(backend.calls).toEqual(['put', 'head'])
})
