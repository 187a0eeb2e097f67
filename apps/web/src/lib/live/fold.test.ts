import type { CatalogEvent, ItemView } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { foldItems } from './fold.ts'

const everything = { status: undefined, stage: undefined }
const row = (id: number, over: Partial<ItemView> = {}): ItemView => ({
  id,
  jobRunId: 1,
  stageId: 1,
  stageType: 'download',
  itemType: 'song',
  key: `song:${id}`,
  place: 'home',
  label: `Song ${id}`,
  status: 'pending',
  attempts: 0,
  worker: null,
  class: null,
  reason: null,
  availableAt: null,
  startedAt: null,
  endedAt: null,
  result: null,
  ...over,
})
const about = (itemId: number | null) => ({ id: 9, at: 5000, jobRunId: 1, stageId: 1, itemId })
const settled = (itemId: number, status: 'failed' | 'succeeded' | 'pending'): CatalogEvent => ({
  ...about(itemId),
  kind: 'item_settled',
  payload: {
    stageType: 'download',
    key: `song:${itemId}`,
    outcome: status === 'pending' ? 'retry' : status,
    status,
    attempt: 2,
    worker: 'download-1',
    ...(status === 'succeeded' ? {} : { class: 'transient', reason: 'timed out', availableAt: 9000 }),
  },
})

test('an item that failed shows its reason in its row, and the other rows stay what they are', () => {
  const rows = [row(1), row(2)]
  const folded = foldItems(rows, settled(2, 'failed'), everything)
  expect(folded.rows[1]).toMatchObject({ status: 'failed', reason: 'timed out', attempts: 2, endedAt: 5000 })
  expect(folded.rows[0]).toBe(rows[0])
  expect(folded.reread).toBe(false)
})

test('an item that will be tried again says when', () => {
  const [one] = foldItems([row(1)], settled(1, 'pending'), everything).rows
  expect(one).toMatchObject({ status: 'pending', availableAt: 9000, endedAt: null })
})

test('a success wipes the reason of an earlier try', () => {
  const [one] = foldItems([row(1, { reason: 'timed out' })], settled(1, 'succeeded'), everything).rows
  expect(one).toMatchObject({ status: 'succeeded', reason: null, class: null })
})

test('a claim of many items starts exactly those', () => {
  const event: CatalogEvent = {
    ...about(null),
    kind: 'items_started',
    payload: { stageType: 'download', runnerId: 'r', itemIds: [1, 3] },
  }
  const { rows } = foldItems([row(1), row(2), row(3)], event, everything)
  expect(rows.map(({ status }) => status)).toEqual(['running', 'pending', 'running'])
})

test('a list of failures is read again when an item that it does not hold fails', () => {
  const failures = { status: 'failed', stage: undefined } as const
  expect(foldItems([], settled(7, 'failed'), failures).reread).toBe(true)
  expect(foldItems([], settled(7, 'succeeded'), failures).reread).toBe(false)
  expect(foldItems([], settled(7, 'failed'), { ...failures, stage: 'upload' }).reread).toBe(false)
})

test('newly planned items make the whole list be read again', () => {
  const event: CatalogEvent = {
    ...about(null),
    kind: 'items_planned',
    payload: { stageType: 'sync', added: 4, reopened: 0 },
  }
  expect(foldItems([row(1)], event, everything)).toEqual({ rows: [row(1)], reread: true })
})
