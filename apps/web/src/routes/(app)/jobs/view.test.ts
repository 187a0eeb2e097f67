import { noItems } from '@catalogsync/contract'
import type { JobView, StageView } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { translator } from '#lib/i18n/translate.ts'
import { currentStage, progressText, scopeText, withLive } from './view.ts'

const t = translator(en, 'en')
const stage = (seqNo: number, over: Partial<StageView>): StageView => ({
  id: seqNo,
  stageType: seqNo === 1 ? 'sync' : 'download',
  seqNo,
  status: 'pending',
  counts: noItems,
  planned: false,
  startedAt: null,
  endedAt: null,
  ...over,
})
const job = (id: number, over: Partial<JobView> = {}): JobView => ({
  id,
  jobType: 'full',
  status: 'running',
  reason: null,
  priority: 0,
  sources: ['home'],
  downloadSources: [],
  backends: [],
  scope: { playlists: [], songs: [], mode: 'missing' },
  requestedBy: null,
  createdAt: 1,
  startedAt: 1,
  endedAt: null,
  stages: [],
  pendingCommands: [],
  ...over,
})
const syncing = stage(1, { status: 'running', counts: { ...noItems, succeeded: 2, running: 1 } })
const synced = stage(1, {
  status: 'completed',
  counts: { ...noItems, succeeded: 3 },
  planned: true,
  endedAt: 5,
})
const downloading = stage(2, {
  status: 'running',
  counts: { ...noItems, succeeded: 4, pending: 6 },
  planned: true,
})

test('a job that has not begun says so', () => {
  expect(progressText(job(1, { stages: [stage(1, {}), stage(2, {})] }), t)).toBe('Not begun')
})

test('while songs may still be added, no total is promised', () => {
  const text = progressText(job(1, { stages: [syncing, stage(2, {})] }), t)
  expect(text).toBe('Sync · 2 done, 3 so far')
})

test('a planned stage behind closed ones counts towards its total', () => {
  expect(progressText(job(1, { stages: [synced, downloading] }), t)).toBe('Download · 4 of 10')
})

test('what failed in an earlier stage is not forgotten', () => {
  const failed = stage(1, { ...synced, counts: { ...noItems, succeeded: 2, failed: 1 } })
  expect(progressText(job(1, { stages: [failed, downloading] }), t)).toBe('Download · 4 of 10 · 1 failed')
})

test('the stage shown is the first that is still open', () => {
  expect(currentStage([syncing, downloading])?.seqNo).toBe(1)
  expect(currentStage([synced, downloading])?.seqNo).toBe(2)
  expect(currentStage([synced, stage(2, { status: 'skipped' })])?.seqNo).toBe(1)
})

test('what runs is shown as it is now, what has ended as it was read', () => {
  const rows = [job(2), job(1, { status: 'completed' })]
  const merged = withLive(rows, [job(2, { status: 'paused' })])
  expect(merged.map(({ status }) => status)).toEqual(['paused', 'completed'])
})

test('a scope names what it is narrowed to', () => {
  const narrowed = job(1, { scope: { playlists: [4], songs: [], mode: 'all' } })
  expect(scopeText(narrowed, t)).toBe('home · Everything again · 1 playlist')
})
