import { afterEach, beforeEach, expect, test } from 'vitest'
import { PortError, type StorageBackend } from '../ports/index.ts'
import { audited, breakRows } from '../testing/audited.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { fakeBackend } from '../testing/fakes.ts'
import { givenFile, givenObject, type FileMade } from '../testing/given-files.ts'
import { givenJob } from '../testing/given-job.ts'

let home: TempDatabase
let file: FileMade
beforeEach(async () => {
  home = await tempDatabase()
  file = await givenFile(home, 'song.wav')
  await givenObject(home, file)
})
afterEach(() => home.remove())

const findings = async (backend?: StorageBackend, bytes: 'none' | 'all' = 'none') =>
  (await audited(home, { bytes, ...(backend ? { backends: () => backend } : {}) })).findings

/** A backend that has the file, with these bytes. */
const having = (bytes = 'bytes of song.wav', head: { sha256?: string | null; size?: number } = {}) => {
  const backend = fakeBackend({ id: 'nas' })
  backend.objects.set(file.path, {
    key: file.path,
    size: file.size,
    sha256: file.sha256,
    etag: null,
    ...head,
  })
  backend.get = () => Promise.resolve(new Response(bytes).body as ReadableStream<Uint8Array>) // a text has a body
  return backend
}

const containing = (words: string) => expect.stringContaining(words) as string // typed any by vitest

const older = `update file_locations set sha256 = '${'0'.repeat(64)}', verified_at = 1 where kind = 'object'`

test('an object that is as its row says is clean, also when it is read', async () => {
  expect(await findings()).toEqual([])
  expect(await findings(having())).toEqual([])
  const { checked } = await audited(home, { bytes: 'all', backends: () => having() })
  expect(checked).toMatchObject({ objects: 1, objects_asked: 1, objects_hashed: 1 })
})

test('a copy of nothing is found', async () => {
  breakRows(home, `update file_locations set of_file_id = null where kind = 'object'`)
  expect(await findings()).toMatchObject([{ check: 'objects', severity: 'violation' }])
})

test('a copy of the file before this one is a notice, whether its upload was asked for or not', async () => {
  breakRows(home, older)
  expect((await findings())[0]).toMatchObject({
    severity: 'notice',
    message: containing('no upload'),
  })
  await givenJob(home.database, {
    type: 'upload_only',
    items: { pending: 1 },
    about: [file.fileId],
    gateRef: 'nas',
  })
  expect((await findings())[0]).toMatchObject({
    severity: 'notice',
    message: containing('its upload is open'),
  })
})

test('a copy under the name that its file had before is a notice', async () => {
  breakRows(home, `update file_locations set path = 'old.wav', path_key = 'old.wav' where kind = 'object'`)
  expect(await findings()).toMatchObject([
    { severity: 'notice', message: containing('an older copy under another key') },
  ])
})

test('a copy stored after its file with other bytes is found', async () => {
  breakRows(home, older, `update file_locations set verified_at = 9e15 where kind = 'object'`)
  expect(await findings()).toMatchObject([
    { check: 'objects', severity: 'violation', facts: { file: file.fileId } },
  ])
})

test.each([
  ['is not there', () => fakeBackend(), 'does not have it'],
  ['has another size', () => having('', { size: 1 }), 'the backend has 1'],
  ['has another hash', () => having('', { sha256: 'f'.repeat(64) }), 'other bytes'],
])('an object that %s is found', async (_, backend, words) => {
  expect(await findings(backend())).toMatchObject([{ severity: 'violation', message: containing(words) }])
})

test('other bytes of the same size are found when they are read', async () => {
  const liar = having('bytes of sonG.wav', { sha256: null })
  expect(await findings(liar)).toEqual([])
  expect(await findings(liar, 'all')).toMatchObject([{ severity: 'violation' }])
})

test('an object that is being uploaded anew is not judged', async () => {
  await givenJob(home.database, {
    type: 'upload_only',
    items: { pending: 1 },
    about: [file.fileId],
    gateRef: 'nas',
  })
  expect(await findings(fakeBackend())).toMatchObject([
    { severity: 'notice', facts: { backend: 'nas', n: 1 } },
  ])
})

test('a backend that does not answer, or is no longer configured, is a notice', async () => {
  const down = fakeBackend({ fail: () => new PortError('transient', 'connection refused') })
  const refused = await findings(down)
  expect(refused).toMatchObject([{ severity: 'notice', message: containing('connection refused') }])
  const gone = await audited(home, { backends: () => null })
  expect(gone).toMatchObject({ ok: true, findings: [{ message: containing('not configured') }] })
})
