import { noItems } from '@catalogsync/contract'
import type { StageView } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { doneItems, segments, sumCounts, totalIsFinal } from './counts.ts'

const stage = (seqNo: number, over: Partial<StageView>): StageView => ({
  id: seqNo,
  stageType: 'sync',
  seqNo,
  status: 'running',
  counts: noItems,
  planned: true,
  startedAt: 1,
  endedAt: null,
  ...over,
})

test('a bar shows every item once and no empty part', () => {
  const counts = { ...noItems, succeeded: 5, failed: 1, held: 1, interrupted: 2, pending: 3 }
  expect(segments(counts)).toEqual([
    { tone: 'good', n: 5 },
    { tone: 'bad', n: 1 },
    { tone: 'wait', n: 3 },
    { tone: 'rest', n: 3 },
  ])
})

test('what was interrupted is not done', () => {
  expect(doneItems({ ...noItems, succeeded: 5, failed: 1, interrupted: 2, running: 1 })).toBe(6)
})

test('a total is not final while an earlier stage may still add to it', () => {
  const first = stage(1, {})
  const second = stage(2, {})
  expect(totalIsFinal(second, [first, second])).toBe(false)
  expect(totalIsFinal(second, [{ ...first, endedAt: 9 }, second])).toBe(true)
  expect(totalIsFinal(first, [first, second])).toBe(true)
  expect(totalIsFinal({ ...first, planned: false }, [first])).toBe(false)
})

test('the counts of a job are those of its stages together', () => {
  const sum = sumCounts([
    { ...noItems, succeeded: 2, failed: 1 },
    { ...noItems, succeeded: 3, pending: 4 },
  ])
  expect(sum).toEqual({ ...noItems, succeeded: 5, failed: 1, pending: 4 })
})
