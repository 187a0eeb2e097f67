import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { callContext, rejection } from '@catalogsync/core/testing'
import { filesystemBackend } from './backend.ts'
import { markerName, partName, thisOwner } from './keys.ts'

const ctx = callContext()
let folder: string
let root: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'catalogsync-folder-'))
  root = join(folder, 'objects')
})
afterEach(() => rm(folder, { recursive: true }))

const backend = (values: Record<string, string> = {}) =>
  filesystemBackend({ id: 'my-nas', type: 'filesystem', values: { PATH: root, ...values } })

async function request(key: string, content: string) {
  const path = join(folder, 'source')
  await writeFile(path, content)
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { key, path, size: Buffer.byteLength(content), sha256, onProgress: () => {} }
}

test('a new folder gets the marker', async () => {
  await backend().put(await request('a.flac', 'x'), ctx)
  expect((await readdir(root)).sort()).toEqual([markerName, 'a.flac'])
})

test('an empty folder gets the marker, also one with the clutter of a NAS in it', async () => {
  await mkdir(join(root, '@eaDir'), { recursive: true })
  await backend().probe(ctx)
  expect(await readdir(root)).toContain(markerName)
})

test('a folder with files but without the marker is refused and left as it is', async () => {
  await mkdir(root)
  await writeFile(join(root, 'holiday.jpg'), 'x')
  const error = await rejection(backend().put(await request('a.flac', 'x'), ctx))
  expect(error).toMatchObject({ name: 'PortError', class: 'local' })
  expect(String(error)).toContain(markerName)
  expect(await readdir(root)).toEqual(['holiday.jpg'])
})

test('without the folder above it nothing is created: a volume is missing', async () => {
  const error = await rejection(backend({ PATH: join(root, 'sub') }).probe(ctx))
  expect(error).toMatchObject({ class: 'local' })
  expect(String(error)).toContain('not mounted')
  expect(await readdir(folder)).toEqual([])
})

test.each(['new', 'used before'])(
  'when the marker of a %s folder vanishes, every call says so',
  async (which) => {
    const first = backend()
    await first.put(await request('a.flac', 'x'), ctx)
    const used = which === 'new' ? first : backend()
    await used.head('a.flac', ctx)
    await rm(root, { recursive: true })
    await mkdir(root)
    const wanted = await request('b.flac', 'x')
    const calls: (() => Promise<unknown>)[] = [
      () => used.put(wanted, ctx),
      () => used.head('a.flac', ctx),
      () => used.list('', null, 1, ctx),
      () => used.get('a.flac', ctx),
      () => used.delete('a.flac', ctx),
      () => used.sweep(ctx),
      () => used.probe(ctx),
    ]
    for (const call of calls) {
      const error = await rejection(call())
      expect(error).toMatchObject({ class: 'local' })
      expect(String(error)).toContain('is it not mounted?')
    }
    expect(await readdir(root)).toEqual([])
  },
)

test('a backend that has stored objects before takes an empty folder for an unmounted one', async () => {
  const again = filesystemBackend(
    { id: 'nas', type: 'filesystem', values: { PATH: root } },
    { hasObjects: true },
  )
  expect(await rejection(again.head('a.flac', ctx))).toMatchObject({ class: 'local' })
})

test('with MARKER=require an empty folder is an unmounted one', async () => {
  await mkdir(root)
  expect(await rejection(backend({ MARKER: 'require' }).head('a.flac', ctx))).toMatchObject({
    class: 'local',
  })
  expect(await readdir(root)).toEqual([])
})

test('an object that was changed behind our back has the hash of what it is now', async () => {
  const used = backend()
  const stored = await used.put(await request('a.flac', 'first one'), ctx)
  await writeFile(join(root, 'a.flac'), 'other one')
  const head = await used.head('a.flac', ctx)
  expect(head?.size).toBe(stored.size)
  expect(head?.sha256).toBe(createHash('sha256').update('other one').digest('hex'))
})

test('a symbolic link inside the folder leads nowhere', async () => {
  const outside = join(folder, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'secret.flac'), 'x')
  const used = backend()
  await used.probe(ctx)
  await symlink(outside, join(root, 'link'))
  await symlink(join(outside, 'secret.flac'), join(root, 'file.flac'))

  const error = await rejection(used.put(await request('link/a.flac', 'x'), ctx))
  expect(error).toMatchObject({
    class: 'permanent',
    reason: expect.stringContaining('symbolic link') as string,
  })
  expect(await rejection(used.get('link/secret.flac', ctx))).toMatchObject({ class: 'permanent' })
  expect(await rejection(used.get('file.flac', ctx))).toMatchObject({ class: 'permanent' })
  expect(await used.head('file.flac', ctx)).toBeNull()
  expect(await used.list('', null, 10, ctx)).toEqual([])
  expect(await readdir(outside)).toEqual(['secret.flac'])

  await used.put(await request('file.flac', 'new'), ctx)
  expect(await readdir(outside)).toEqual(['secret.flac'])
  expect(await used.head('file.flac', ctx)).toMatchObject({ size: 3 })
})

test('the folder itself may be a symbolic link', async () => {
  await mkdir(join(folder, 'real'))
  await symlink(join(folder, 'real'), root)
  await backend().put(await request('a.flac', 'x'), ctx)
  expect(await readdir(join(folder, 'real'))).toContain('a.flac')
})

test('a name that a folder has is a permanent error', async () => {
  const used = backend()
  await used.put(await request('a/b.flac', 'x'), ctx)
  expect(await rejection(used.put(await request('a', 'x'), ctx))).toMatchObject({ class: 'permanent' })
  expect(await rejection(used.put(await request('a/b.flac/c', 'x'), ctx))).toMatchObject({
    class: 'permanent',
  })
  expect(await used.head('a/b.flac/c', ctx)).toBeNull()
  await used.delete('a/b.flac/c', ctx)
  expect((await used.list('', null, 10, ctx)).map((object) => object.key)).toEqual(['a/b.flac'])
})

test('marker, parts and clutter cannot be keys and are not listed', async () => {
  const used = backend()
  await used.probe(ctx)
  const part = partName('a.flac', thisOwner(), '0011aabb')
  for (const name of [markerName, part, '@eaDir']) {
    expect(await rejection(used.put(await request(`x/${name}`, 'x'), ctx))).toMatchObject({
      class: 'permanent',
    })
  }
  await mkdir(join(root, '@eaDir'))
  await writeFile(join(root, '@eaDir', 'thumb.jpg'), 'x')
  await writeFile(join(root, part), 'x')
  expect(await used.list('', null, 10, ctx)).toEqual([])
})

test('a sweep removes the parts of the dead, and no others', async () => {
  const used = backend()
  await used.probe(ctx)
  const self = thisOwner()
  const here = async (name: string, age = 0) => {
    await writeFile(join(root, name), 'x')
    const at = Date.now() / 1000 - age
    await utimes(join(root, name), at, at)
  }
  await here(partName('dead.flac', { ...self, pid: deadPid() }, '00000001'))
  await here(partName('before.flac', self, '00000002'))
  await here(partName('alive.flac', { ...self, pid: process.ppid }, '00000003'))
  await here(partName('other.flac', { host: '00000000', pid: 1 }, '00000004'))
  await here(partName('old.flac', { host: '00000000', pid: 1 }, '00000005'), 7200)
  await here('.stranger.flac.part', 7200)
  await here('stranger.cs-00000000-1-00000006.part', 7200)

  expect(await used.sweep(ctx)).toBe(3)
  const left = (await readdir(root))
    .filter((name) => name !== markerName)
    .map((name) => name.split('.cs-')[0])
  expect(left.sort()).toEqual(['.alive.flac', '.other.flac', '.stranger.flac.part', 'stranger'])
})

test('the part of a long name fits where names have at most 143 bytes', () => {
  const name = partName(`${'夜'.repeat(46)}.flac`, { host: '0011aabb', pid: 4194304 }, '0011aabb')
  expect(Buffer.byteLength(name)).toBeLessThanOrEqual(143)
})

test('with another content on the way than promised the part is removed', async () => {
  const used = backend({ VERIFY: 'yes' })
  await rejection(used.put({ ...(await request('a/b.flac', 'x')), sha256: '0'.repeat(64) }, ctx))
  expect(await readdir(join(root, 'a'))).toEqual([])
})

test.each([
  [{ PATH: '' }, 'BACKEND_MY_NAS_PATH'],
  [{ PATH: 'relative/folder' }, 'BACKEND_MY_NAS_PATH'],
  [{ PATH: '/' }, 'BACKEND_MY_NAS_PATH'],
  [{ VERIFY: 'perhaps' }, 'BACKEND_MY_NAS_VERIFY'],
  [{ MARKER: 'no' }, 'BACKEND_MY_NAS_MARKER'],
])('settings %o are refused by the name of the key', (values, key) => {
  expect(() => backend(values)).toThrow(key)
})

test.skipIf(process.getuid?.() === 0)('a folder that may not be written to is a local error', async () => {
  const used = backend()
  await used.probe(ctx)
  const wanted = await request('a.flac', 'x')
  await chmod(root, 0o555)
  const error = await rejection(used.put(wanted, ctx))
  const probed = await rejection(used.probe(ctx))
  await chmod(root, 0o755)
  expect(probed).toMatchObject({ class: 'local' })
  expect(error).toMatchObject({ class: 'local' })
  expect(String(error)).toContain('permission denied')
})

/** The id of a process that has ended. */
function deadPid(): number {
  return Number(
    execFileSync(process.execPath, ['-e', 'process.stdout.write(String(process.pid))']).toString(),
  )
}
