import type { WorkerView } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { workerShare } from './workers.ts'

test('a worker whose size is not known shows no share', () => {
  const worker = (bytesDone: number | null, bytesTotal: number | null) =>
    ({ bytesDone, bytesTotal }) as WorkerView // only these are read
  expect(workerShare(worker(5, 10))).toBe(0.5)
  expect(workerShare(worker(12, 10))).toBe(1)
  expect([worker(5, null), worker(null, 10), worker(0, 0)].map(workerShare)).toEqual([null, null, null])
})
