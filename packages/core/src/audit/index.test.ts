import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { audited } from '../testing/audited.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { fakeBackend } from '../testing/fakes.ts'
import { givenFile, givenObject, givenRunner } from '../testing/given-files.ts'
import { givenJob } from '../testing/given-job.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

/** Every file of the home with its bytes and times, but the shared memory through which readers are counted. */
async function everything(): Promise<string[]> {
  const files = await readdir(home.folder, { recursive: true, withFileTypes: true })
  const plain = files.filter((entry) => entry.isFile() && !entry.name.endsWith('-shm'))
  const seen = plain.map(async ({ parentPath, name }) => {
    const file = path.join(parentPath, name)
    const hash = createHash('sha256')
      .update(await readFile(file))
      .digest('hex')
    return `${file} ${hash} ${(await stat(file)).mtimeMs}`
  })
  return (await Promise.all(seen)).sort()
}

test('an audit writes nothing, whatever it finds', async () => {
  const lock = await givenRunner(home, 'alive')
  const file = await givenFile(home, 'A/song.wav')
  await givenObject(home, file)
  await givenJob(home.database, { type: 'full', items: { running: 1, succeeded: 2 }, stage: 'download' })
  const before = await everything()
  const backend = fakeBackend()
  const { findings } = await audited(home, { bytes: 'all', backends: () => backend })
  expect(findings.length).toBeGreaterThan(0)
  expect(await everything()).toEqual(before)
  expect(backend.calls.filter((call) => call !== 'head' && call !== 'get')).toEqual([])
  lock.release()
})

test('an audit that is told to stop stops', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  await expect(audited(home, { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
})
