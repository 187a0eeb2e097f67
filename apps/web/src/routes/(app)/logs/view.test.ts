import type { CatalogEvent } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { withEvent } from './view.ts'

const event = (id: number, jobRunId = 1): CatalogEvent => ({
  id,
  at: id,
  jobRunId,
  stageId: null,
  itemId: null,
  kind: 'job_created',
  payload: { jobType: 'full', by: null },
})

test('a new event comes on top', () => {
  expect(withEvent([event(4), event(3)], event(5), undefined).map(({ id }) => id)).toEqual([5, 4, 3])
})

test('an event that was read with the list is not told twice', () => {
  const rows = [event(4), event(3)]
  expect(withEvent(rows, event(4), undefined)).toBe(rows)
  expect(withEvent(rows, event(3), undefined)).toBe(rows)
})

test("another job's event stays out of a job's list", () => {
  const rows = [event(4)]
  expect(withEvent(rows, event(5, 2), 1)).toBe(rows)
})
