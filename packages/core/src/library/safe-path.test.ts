import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { insideRoot } from './safe-path.ts'

let folder: string
let root: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'safe-path-'))
  root = path.join(folder, 'library')
  await mkdir(path.join(root, 'A'), { recursive: true })
  await mkdir(path.join(folder, 'outside'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('insideRoot', () => {
  test('a path below the root passes, whether it exists or not', async () => {
    await writeFile(path.join(root, 'A/x.flac'), '')
    for (const relative of ['A/x.flac', 'A/new.flac', 'new/deep/夜.flac', '..x', 'A/%2e%2e']) {
      expect(await insideRoot(root, relative)).toBe(path.join(root, relative))
    }
    expect(await insideRoot(`${root}/`, 'A')).toBe(path.join(root, 'A'))
  })

  test.each(['..', '../outside/x', 'A/../../x', 'A/./x', '', '/etc/passwd', 'A//x', 'A/', 'a\0b', '..\\x'])(
    '%j is refused',
    async (relative) => {
      await expect(insideRoot(root, relative)).rejects.toMatchObject({ code: 'invalid_input' })
    },
  )

  test('a symbolic link that leads out is refused, as a folder and as a file, dangling or not', async () => {
    await symlink(path.join(folder, 'outside'), path.join(root, 'out'))
    await symlink('../outside', path.join(root, 'relative'))
    await symlink(path.join(folder, 'outside/none'), path.join(root, 'dangling'))
    await writeFile(path.join(folder, 'outside/secret'), '')
    await symlink(path.join(folder, 'outside/secret'), path.join(root, 'file.flac'))
    for (const relative of ['out/x', 'out', 'relative/a/b', 'dangling', 'dangling/x', 'file.flac']) {
      await expect(insideRoot(root, relative), relative).rejects.toMatchObject({ code: 'invalid_input' })
    }
  })

  test('a root that is itself reached through a link, and links within it, are fine', async () => {
    await symlink(root, path.join(folder, 'link'))
    await symlink('A', path.join(root, 'B'))
    expect(await insideRoot(path.join(folder, 'link'), 'B/x')).toBe(path.join(folder, 'link/B/x'))
  })

  test('a root that begins like another is not inside it', async () => {
    await mkdir(path.join(folder, 'library-2'))
    await symlink('../library-2', path.join(root, 'twin'))
    await expect(insideRoot(root, 'twin/x')).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('folders that others make in the meantime are no trouble', async () => {
    for (let i = 0; i < 300; i++) {
      const made = mkdir(path.join(root, `n${i}/deep`), { recursive: true })
      const paths = await Promise.all([1, 2, 3, 4].map((n) => insideRoot(root, `n${i}/deep/${n}`)))
      expect(paths).toHaveLength(4)
      await made
    }
  })

  test('a root that is not there is the file system’s error', async () => {
    await expect(insideRoot(path.join(folder, 'none'), 'x')).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
