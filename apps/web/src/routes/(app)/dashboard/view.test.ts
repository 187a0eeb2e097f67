import { noItems } from '@catalogsync/contract'
import type { GateView, JobView } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { translator } from '#lib/i18n/translate.ts'
import { gateWait, isFirstRun, needsSomebody } from './view.ts'

const t = translator(en, 'en')
const job = (id: number, status: JobView['status'], failed: number): JobView => ({
  id,
  jobType: 'full',
  status,
  reason: null,
  priority: 0,
  sources: [],
  downloadSources: [],
  backends: [],
  scope: { playlists: [], songs: [], mode: 'missing' },
  requestedBy: null,
  createdAt: 1,
  startedAt: 1,
  endedAt: null,
  stages: [
    {
      id,
      stageType: 'download',
      seqNo: 1,
      status: 'running',
      counts: { ...noItems, failed },
      planned: true,
      startedAt: 1,
      endedAt: null,
    },
  ],
  pendingCommands: [],
})

test('a failure asks for somebody while its job still runs', () => {
  const found = needsSomebody(
    [job(1, 'completed_with_errors', 2)],
    [job(3, 'running', 1), job(2, 'running', 0)],
  )
  expect(found.map(({ job, failed }) => [job.id, failed])).toEqual([
    [3, 1],
    [1, 2],
  ])
})

test('a job whose failures were retried is seen as it is now', () => {
  expect(needsSomebody([job(1, 'completed_with_errors', 2)], [job(1, 'running', 0)])).toEqual([])
})

test('a job that cannot go on asks for somebody without a failed item', () => {
  expect(needsSomebody([job(1, 'failed', 0)], [])).toHaveLength(1)
})

test('a gate counts down, then says that it is being tried', () => {
  const gate = (closedUntil: number | null): GateView => ({
    kind: 'source',
    ref: 'home',
    reason: '503',
    class: 'blocked',
    closedUntil,
    since: 0,
  })
  expect(gateWait(gate(65_000), 0, t, 'en')).toBe('opens again in 1 min 5 s')
  expect(gateWait(gate(65_000), 65_000, t, 'en')).toBe('one item is about to try whether it is over')
  expect(gateWait(gate(null), 0, t, 'en')).toBe('until the cause is gone')
})

test('the drop folder alone is a first run, until somebody has started a job with it', () => {
  const source = (id: string) => ({
    id,
    type: 'folder',
    gate: null,
    lastCollectedAt: null,
    pools: 0,
    playlists: 0,
  })
  const places = (...ids: string[]) => ({ sources: ids.map(source), backends: [] })
  expect(isFirstRun(places('input'), [])).toBe(true)
  expect(isFirstRun(places(), [])).toBe(true)
  expect(isFirstRun(places('input'), [job(1, 'running', 0)])).toBe(false)
  expect(isFirstRun(places('home', 'input'), [])).toBe(false)
})
