import { noItems, type GateView, type ItemView, type JobView, type StageView } from '@catalogsync/contract'
import { describe, expect, test } from 'vitest'
import { painter } from '../text/colour.ts'
import { finalTotal, progressLine, progressLines } from './lines.ts'
import type { Progress } from './progress.ts'
import { summaryLines, summaryOf, unusableOf } from './summary.ts'
import { whyPending } from './waits.ts'

const stage = (stageType: StageView['stageType'], facts: Partial<StageView> = {}): StageView => ({
  id: 1,
  stageType,
  seqNo: 0,
  status: 'pending',
  planned: false,
  startedAt: null,
  endedAt: null,
  ...facts,
  counts: { ...noItems, ...facts.counts },
})

const counts = (some: Partial<StageView['counts']>) => ({ ...noItems, ...some })

const job = (facts: Partial<JobView> = {}): JobView => ({
  id: 7,
  jobType: 'full',
  status: 'running',
  reason: null,
  priority: 0,
  sources: ['home'],
  downloadSources: [],
  backends: ['bucket'],
  scope: { playlists: [], songs: [], mode: 'missing' },
  requestedBy: null,
  createdAt: 0,
  startedAt: 0,
  endedAt: null,
  stages: [],
  pendingCommands: [],
  ...facts,
})

const item = (facts: Partial<ItemView> = {}): ItemView => ({
  id: 5,
  jobRunId: 7,
  stageId: 3,
  stageType: 'download',
  itemType: 'song',
  key: 'song:1',
  place: 'home',
  label: '夜 / Nobody',
  status: 'pending',
  attempts: 0,
  worker: null,
  class: null,
  reason: null,
  availableAt: null,
  startedAt: null,
  endedAt: null,
  result: null,
  ...facts,
})

const gate = (facts: Partial<GateView> = {}): GateView => ({
  kind: 'source',
  ref: 'home',
  reason: 'too many requests',
  class: 'blocked',
  closedUntil: null,
  since: 0,
  ...facts,
})

const progress = (facts: Partial<Progress> = {}): Progress => ({
  job: job(),
  gates: [],
  workers: [],
  runnerAlive: true,
  ...facts,
})

const view = { language: 'en' as const, paint: painter(false), tz: 'UTC', now: 60_000, width: 100 }

describe('progress', () => {
  const sync = stage('sync', {
    status: 'running',
    planned: true,
    counts: counts({ succeeded: 3, running: 1 }),
  })
  const download = stage('download', { status: 'running', counts: counts({ succeeded: 10, pending: 30 }) })

  test('a total is told only when nothing can be added to it any more', () => {
    expect(finalTotal([sync, download], 0)).toBe(4)
    expect(finalTotal([sync, download], 1)).toBeNull()
    const closed = { ...sync, status: 'completed' as const }
    expect(finalTotal([closed, download], 1)).toBeNull()
    expect(finalTotal([closed, { ...download, planned: true }], 1)).toBe(40)
  })

  test('until then it reads "so far", without a bar', () => {
    const lines = progressLines(progress({ job: job({ stages: [sync, download] }) }), view)
    expect(lines[1]).toMatch(/sync +█+░+ +3\/4 · 1 running/)
    expect(lines[2]).toMatch(/download +10 of 40 so far$/)
    expect(lines[2]).not.toContain('█')
  })

  test('what holds the job up is said, and only that', () => {
    const waiting = job({ stages: [download] })
    const said = (facts: Partial<Progress>) => progressLine(progress({ job: waiting, ...facts }), view)
    expect(said({ gates: [gate({ closedUntil: 3_600_000 })] })).toContain(
      'waiting: too many requests · until 1970-01-01 01:00:00',
    )
    expect(said({ gates: [gate({ ref: 'elsewhere' })] })).not.toContain('waiting')
    expect(said({ gates: [gate({ kind: 'backend', ref: 'bucket' })] })).not.toContain('waiting')
    expect(said({ gates: [gate({ kind: 'volume', ref: 'library' })] })).toContain(
      'waiting: too many requests',
    )
    expect(said({ runnerAlive: false })).toContain('waiting: no runner is alive')
    const draining = stage('download', { status: 'pause_requested', counts: counts({ running: 3 }) })
    expect(said({ job: job({ status: 'pause_requested', stages: [draining] }) })).toContain(
      'draining: 3 items still running',
    )
    expect(said({ job: job({ status: 'paused' }) })).toContain('catalogsync job resume 7')
    expect(said({ job: job({ pendingCommands: ['pause'] }) })).toContain('waits to be applied: pause')
  })
})

describe('the summary', () => {
  const none = { lines: 0, playlists: 0 }
  const ended = (download: Partial<StageView['counts']>, synced = 4) =>
    job({
      status: 'completed',
      endedAt: 1,
      stages: [
        stage('collect', { counts: counts({ succeeded: 2 }) }),
        stage('sync', { counts: counts({ succeeded: synced }) }),
        stage('download', { counts: counts(download) }),
        stage('upload', {}),
      ],
    })

  test('says in numbers what came of the job', () => {
    const [line] = summaryLines(ended({ succeeded: 1200, skipped: 2 }), [], none, 'en')
    expect(line).toBe('Job 7 completed: fetched 1,200, 2 already there, uploaded 0, 0 failed.')
    expect(summaryOf(ended({ succeeded: 1 })).nothingNew).toBe(false)
  })

  test('says why nothing was fetched, from the counts', () => {
    const text = (view: JobView) => summaryLines(view, [], none, 'en').join('\n')
    expect(text(ended({}))).toContain(
      'Nothing new to fetch: 4 playlists were synced and lack no song that can be had.',
    )
    expect(text(ended({}, 0))).toContain('Nothing new to fetch: no playlist was found.')
    expect(text(ended({ skipped: 3 }))).toContain('3 songs were there already')
    expect(text(ended({ failed: 2 }))).toContain('2 could not be fetched')
    const canceled = { ...ended({ canceled: 3 }), status: 'canceled' as const }
    expect(text(canceled)).not.toContain('Nothing new')
    expect(
      text(job({ status: 'completed', stages: [stage('sync', { counts: counts({ succeeded: 1 }) })] })),
    ).toBe('Job 7 completed: synced 1 playlist.')
  })

  test('names the failed ones with their reason, and counts the rest', () => {
    const failed = item({ status: 'failed', class: 'permanent', reason: 'gone\u001b[2J' })
    const lines = summaryLines(ended({ failed: 12 }), [failed], none, 'en')
    expect(lines).toContain('  download 5 夜 / Nobody: permanent: gone\\u001b[2J')
    expect(lines.at(-1)).toBe('  … and 11 more: catalogsync item list 7 --status failed')
    expect(summaryLines(ended({ failed: 1 }), [failed], none, 'zh-CN').join()).toContain('永久失败')
  })

  test('counts the lines of playlists that cannot be used, and says where they are named', () => {
    const said = (lines: number, playlists: number, language: 'en' | 'zh-CN' = 'en') =>
      summaryLines(ended({ succeeded: 1 }), [], { lines, playlists }, language)[1]
    expect(said(0, 0)).toBeUndefined()
    expect(said(1, 1)).toMatch(/^1 line of 1 playlist cannot be used\. Which: catalogsync item list 7 /)
    expect(said(1000, 2)).toMatch(/^1,000 lines of 2 playlists cannot be used\./)
    expect(said(1000, 2, 'zh-CN')).toContain('2 个歌单中有 1,000 行无法使用')
    const sync = item({ stageType: 'sync', status: 'succeeded', result: { unavailable_count: 1000 } })
    expect(unusableOf(sync, 'en')).toBe('1,000 lines cannot be used')
    expect(unusableOf(item({ status: 'succeeded', result: null }), 'en')).toBeNull()
  })
})

test('a pending item says what it waits for: the first thing that holds it up', () => {
  const why = (facts: Partial<Progress>, about: Partial<ItemView> = {}) =>
    whyPending(item(about), progress(facts), view)
  expect(why({})).toBe('in line for a free worker')
  expect(why({ gates: [gate()] })).toBe('waiting: too many requests')
  expect(why({ gates: [gate({ ref: 'other' })] })).toBe('in line for a free worker')
  expect(why({ gates: [gate({ kind: 'volume', ref: 'library' })] }, { stageType: 'sync' })).toMatch(
    /^in line/,
  )
  expect(why({}, { availableAt: 120_000, reason: 'timed out' })).toBe(
    'tries again at 1970-01-01 00:02:00: timed out',
  )
  expect(why({ runnerAlive: false, gates: [gate()] })).toBe('waiting: no runner is alive')
  expect(why({ job: job({ status: 'paused' }), runnerAlive: false })).toBe('waiting: the job is paused')
  expect(why({ job: job({ status: 'canceled' }) })).toBe('never begun: the job was canceled')
})
