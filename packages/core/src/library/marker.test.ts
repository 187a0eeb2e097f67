import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkLibrary, initLibrary, markerName } from './marker.ts'

let folder: string
let root: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'marker-'))
  root = path.join(folder, 'music/library')
})
afterEach(() => rm(folder, { recursive: true }))

test('a library never seen is created with a marker, and found again by its id', async () => {
  const id = await initLibrary(root, null)
  expect(await readdir(root)).toEqual([markerName])
  expect(await initLibrary(root, null)).toBe(id)
  const state = await checkLibrary(root, id)
  expect(state).toMatchObject({ ok: true, id })
  expect(state.ok && state.freeBytes).toBeGreaterThan(0)
})

test('two that start at once agree on one id', async () => {
  const ids = await Promise.all(Array.from({ length: 8 }, () => initLibrary(root, null)))
  expect(new Set(ids).size).toBe(1)
  expect(await readdir(root)).toEqual([markerName])
})

test('a known library that is not there is never created again', async () => {
  const id = await initLibrary(root, null)
  await rm(root, { recursive: true })
  expect(await initLibrary(root, id)).toBe(id)
  expect(await readdir(path.dirname(root))).toEqual([])
  expect(await checkLibrary(root, id)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('does not exist') as string,
  })
})

test('an empty folder where the library was says that the marker is missing, and nothing is written', async () => {
  const id = await initLibrary(root, null)
  await rm(path.join(root, markerName))
  expect(await checkLibrary(root, id)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('is it mounted?') as string,
  })
  expect(await readdir(root)).toEqual([])
})

test('the marker of another library is refused', async () => {
  const id = await initLibrary(root, null)
  await writeFile(path.join(root, markerName), `id=${id.replace(/^./, (c) => (c === '0' ? '1' : '0'))}\n`)
  expect(await checkLibrary(root, id)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('another library') as string,
  })
  expect(await checkLibrary(root, null)).toMatchObject({ ok: true })
})

test('a marker without an id is an error, not a new library', async () => {
  await mkdir(root, { recursive: true })
  await writeFile(path.join(root, markerName), 'hello')
  await expect(initLibrary(root, null)).rejects.toMatchObject({ code: 'invalid_input' })
  expect(await readFile(path.join(root, markerName), 'utf8')).toBe('hello')
  expect(await checkLibrary(root, null)).toMatchObject({ ok: false })
})

test('a root that cannot be made names the folder', async () => {
  await writeFile(path.join(folder, 'music'), 'a file')
  await expect(initLibrary(root, null)).rejects.toMatchObject({
    code: 'folder_not_writable',
    facts: { path: root },
  })
})

test.skipIf(process.getuid?.() === 0)('a library that cannot be written to says so', async () => {
  const id = await initLibrary(root, null)
  await chmod(root, 0o500)
  expect(await checkLibrary(root, id)).toMatchObject({
    ok: false,
    reason: expect.stringContaining('EACCES') as string,
  })
  await chmod(root, 0o700)
})
