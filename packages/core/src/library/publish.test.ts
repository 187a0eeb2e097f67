import { chmod, link, mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFoldersFor } from './folders.ts'
import { publishFiles, type PublishRequest } from './publish.ts'
import { insideRoot } from './safe-path.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'publish-'))
})
afterEach(() => rm(root, { recursive: true }))

const owner = { puid: null, pgid: null }

async function staged(
  name: string,
  text: string,
  changes: Partial<PublishRequest> = {},
): Promise<PublishRequest> {
  const finalPath = await insideRoot(root, name)
  await makeFoldersFor(root, finalPath, { dirMode: 0o750, ...owner })
  const partPath = path.join(path.dirname(finalPath), `.${path.basename(name)}.s1.part`)
  await writeFile(partPath, text, { mode: 0o600 })
  return { partPath, finalPath, replaces: false, fileMode: 0o644, ...owner, ...changes }
}

describe('publishFiles', () => {
  test('a group becomes visible with the mode asked for, and no part stays', async () => {
    const requests = [
      await staged('A/B/1.flac', 'one'),
      await staged('A/B/2.flac', 'two'),
      await staged('A/C/夜.flac', 'x'),
    ]
    const results = await publishFiles(root, requests)
    expect(results.map((r) => r.kind)).toEqual(['published', 'published', 'published'])
    expect(await readdir(path.join(root, 'A/B'))).toEqual(['1.flac', '2.flac'])
    expect(await readFile(path.join(root, 'A/C/夜.flac'), 'utf8')).toBe('x')
    const found = await stat(path.join(root, 'A/B/1.flac'))
    expect(found.mode & 0o777).toBe(0o644)
    expect(found.nlink).toBe(1)
    expect(results[0]).toMatchObject({ warning: null, mtimeMs: found.mtimeMs })
  })

  test('a name that is taken is a clash: nothing is overwritten, the part stays, the others are published', async () => {
    await writeFile(path.join(root, 'taken.flac'), 'old')
    const clash = await staged('taken.flac', 'new')
    const results = await publishFiles(root, [clash, await staged('free.flac', 'x')])
    expect(results.map((r) => r.kind)).toEqual(['clash', 'published'])
    expect(await readFile(path.join(root, 'taken.flac'), 'utf8')).toBe('old')
    expect(await readFile(clash.partPath, 'utf8')).toBe('new')
  })

  test('of two parts with one name in a group, one is published and one clashes', async () => {
    const one = await staged('same.flac', 'one')
    const two = { ...one, partPath: `${one.partPath}2` }
    await writeFile(two.partPath, 'two')
    const kinds = (await publishFiles(root, [one, two])).map((r) => r.kind)
    expect(kinds.toSorted()).toEqual(['clash', 'published'])
  })

  test('an item’s own older file is replaced', async () => {
    await writeFile(path.join(root, 'own.flac'), 'old')
    expect(await publishFiles(root, [await staged('own.flac', 'new', { replaces: true })])).toMatchObject([
      { kind: 'published' },
    ])
    expect(await readFile(path.join(root, 'own.flac'), 'utf8')).toBe('new')
  })

  test('a crash between link and unlink is finished by the second try', async () => {
    const request = await staged('x.flac', 'x')
    await link(request.partPath, request.finalPath)
    expect(await publishFiles(root, [request])).toMatchObject([{ kind: 'published' }])
    expect(await readdir(root)).toEqual(['x.flac'])
  })

  test('a part that is gone fails by itself, with nothing visible', async () => {
    const gone = await staged('gone.flac', 'x')
    await rm(gone.partPath)
    const results = await publishFiles(root, [gone, await staged('there.flac', 'x')])
    expect(results).toMatchObject([
      { kind: 'failed', visible: false, error: { code: 'ENOENT' } },
      { kind: 'published' },
    ])
    expect(await readdir(root)).toEqual(['there.flac'])
  })

  test('a folder in the way of the name fails that file only', async () => {
    await mkdir(path.join(root, 'folder.flac/inside'), { recursive: true })
    const results = await publishFiles(root, [await staged('folder.flac', 'x', { replaces: true })])
    expect(results).toMatchObject([{ kind: 'failed', visible: false }])
  })

  test('many files go through', async () => {
    const requests = await Promise.all(
      Array.from({ length: 60 }, (_, i) => staged(`many/${i}.flac`, String(i))),
    )
    expect((await publishFiles(root, requests)).every((r) => r.kind === 'published')).toBe(true)
    expect(await readdir(path.join(root, 'many'))).toHaveLength(60)
    expect(await publishFiles(root, [])).toEqual([])
  })

  test.runIf(process.getuid?.() === 0)('files and created folders get the owner asked for', async () => {
    await makeFoldersFor(root, await insideRoot(root, 'own/ed/x.flac'), {
      dirMode: 0o775,
      puid: 1234,
      pgid: null,
    })
    await publishFiles(root, [await staged('own/ed/x.flac', 'x', { puid: 1234, pgid: 4321 })])
    expect(await stat(path.join(root, 'own/ed/x.flac'))).toMatchObject({ uid: 1234, gid: 4321 })
    expect(await stat(path.join(root, 'own'))).toMatchObject({ uid: 1234, gid: process.getgid?.() })
  })
})

describe('makeFoldersFor', () => {
  test('only what is missing is created, with its mode whatever the umask', async () => {
    await mkdir(path.join(root, 'a'))
    await chmod(path.join(root, 'a'), 0o700)
    const before = process.umask(0o077)
    try {
      const created = await makeFoldersFor(root, await insideRoot(root, 'a/b/c/x.flac'), {
        dirMode: 0o777,
        ...owner,
      })
      expect(created.map((at) => path.relative(root, at))).toEqual(['a/b', 'a/b/c'])
    } finally {
      process.umask(before)
    }
    expect((await stat(path.join(root, 'a'))).mode & 0o777).toBe(0o700)
    expect((await stat(path.join(root, 'a/b'))).mode & 0o777).toBe(0o777)
  })

  test('a root that is not there is never created', async () => {
    const target = await insideRoot(root, 'library/a/x.flac')
    await expect(
      makeFoldersFor(path.join(root, 'library'), target, { dirMode: 0o755, ...owner }),
    ).rejects.toMatchObject({
      code: 'ENOENT',
    })
    expect(await readdir(root)).toEqual([])
  })
})

test('a reader that holds the old file open keeps reading it while it is replaced', async () => {
  await writeFile(path.join(root, 'x.flac'), 'old')
  const reader = await open(path.join(root, 'x.flac'))
  await publishFiles(root, [await staged('x.flac', 'new', { replaces: true })])
  expect(await reader.readFile('utf8')).toBe('old')
  await reader.close()
})
