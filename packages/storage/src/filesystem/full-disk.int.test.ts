import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { callContext, rejection } from '@catalogsync/core/testing'
import { filesystemBackend } from './backend.ts'
import { markerName } from './keys.ts'

test.skipIf(!canMount())('a full disk is a local error, and leaves no part', async () => {
  const ctx = callContext()
  const root = await mkdtemp(join(tmpdir(), 'catalogsync-full-'))
  const files = await mkdtemp(join(tmpdir(), 'catalogsync-files-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', root])
  try {
    const used = filesystemBackend({ id: 'nas', type: 'filesystem', values: { PATH: root } })
    await used.put(await request(files, 'small.flac', 10), ctx)
    const error = await rejection(used.put(await request(files, 'large.flac', 1_000_000), ctx))
    expect(error).toMatchObject({ class: 'local' })
    expect(String(error)).toContain('the disk is full')
    expect((await readdir(root)).sort()).toEqual([markerName, 'small.flac'])
  } finally {
    execFileSync('umount', [root])
    await rm(root, { recursive: true })
    await rm(files, { recursive: true })
  }
})

async function request(folder: string, key: string, size: number) {
  const path = join(folder, key)
  const content = Buffer.alloc(size, 1)
  await writeFile(path, content)
  return { key, path, size, sha256: createHash('sha256').update(content).digest('hex'), onProgress: () => {} }
}

/** In a mount namespace of its own, so that trying leaves nothing. */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
