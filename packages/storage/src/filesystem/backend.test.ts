import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeStorageBackend } from '@catalogsync/core/testing'
import { filesystemBackend } from './backend.ts'

for (const VERIFY of ['no', 'yes']) {
  describeStorageBackend(`filesystem, VERIFY=${VERIFY}`, async () => {
    const folder = await mkdtemp(join(tmpdir(), 'catalogsync-storage-'))
    const make = () =>
      filesystemBackend({ id: 'nas', type: 'filesystem', values: { PATH: join(folder, 'objects'), VERIFY } })
    return { backend: make(), again: make, dispose: () => rm(folder, { recursive: true }) }
  })
}
