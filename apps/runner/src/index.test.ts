import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolderOf } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await realpath(await mkdtemp(path.join(tmpdir(), 'runner-')))
  await mkdir(path.join(folder, 'data'))
  await symlink(path.join(folder, 'data'), path.join(folder, 'way'))
})
afterEach(() => rm(folder, { recursive: true }))

test('every path to a database leads to one lock folder, also before the file is made', async () => {
  const real = path.join(folder, 'data', 'catalogsync.db')
  const ways = [real, path.join(folder, 'way', 'catalogsync.db')]
  const locks = path.join(folder, 'data', 'runners')
  expect(ways.map(lockFolderOf)).toEqual([locks, locks])
  await writeFile(real, '')
  await symlink(real, path.join(folder, 'linked.db'))
  expect([...ways, path.join(folder, 'linked.db')].map(lockFolderOf)).toEqual([locks, locks, locks])
})

test('a data folder that is not there yet has its lock folder where it will be', () => {
  const later = path.join(folder, 'way', 'later', 'catalogsync.db')
  expect(lockFolderOf(later)).toBe(path.join(folder, 'data', 'later', 'runners'))
})
