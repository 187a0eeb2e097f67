import { describe, expect, test } from 'vitest'
import {
  canMoveCommand,
  canMoveItem,
  canMoveJob,
  closedStageStatuses,
  commandStatuses,
  isClosedStage,
  isSettledItem,
  isSettledJob,
  itemMovedBy,
  itemStatuses,
  jobMovedBy,
  jobStatusAfter,
  jobStatuses,
  jobStatusesBefore,
  noItems,
  openItems,
  stagesNow,
  stageStatus,
  totalItems,
  type ItemCounts,
  type JobStatus,
  type StageStatus,
} from './states.ts'

/** Every legal move, written a second time on purpose: a move that is added or lost must be meant. */
const jobMoves = `
  queued>running queued>paused queued>canceled queued>failed
  running>pause_requested running>cancel_requested running>completed running>completed_with_errors running>failed
  pause_requested>paused pause_requested>running pause_requested>cancel_requested
  pause_requested>completed pause_requested>completed_with_errors pause_requested>failed
  paused>queued paused>canceled
  cancel_requested>canceled
  completed>queued completed_with_errors>queued failed>queued`

const itemMoves = `
  pending>running pending>held
  running>succeeded running>skipped running>failed running>canceled running>pending running>interrupted
  succeeded>pending skipped>pending failed>pending failed>held
  interrupted>pending held>pending held>failed`

const commandMoves = `
  pending>applying pending>applied pending>rejected pending>stopped
  applying>applied applying>rejected applying>stopped`

function table<S extends string>(states: readonly S[], can: (from: S, to: S) => boolean): string[] {
  return states.flatMap((from) => states.filter((to) => can(from, to)).map((to) => `${from}>${to}`)).sort()
}

const words = (text: string): string[] => text.trim().split(/\s+/).sort()

describe('moves', () => {
  test('a job makes exactly these moves', () => {
    expect(table(jobStatuses, canMoveJob)).toEqual(words(jobMoves))
  })

  test('an item makes exactly these moves', () => {
    expect(table(itemStatuses, canMoveItem)).toEqual(words(itemMoves))
  })

  test('a command makes exactly these moves', () => {
    expect(table(commandStatuses, canMoveCommand)).toEqual(words(commandMoves))
  })

  test('a canceled job and a canceled item stay what they are', () => {
    expect(jobStatuses.filter((to) => canMoveJob('canceled', to))).toEqual([])
    expect(itemStatuses.filter((to) => canMoveItem('canceled', to))).toEqual([])
  })

  test('the states before a state are those that may move to it', () => {
    expect(jobStatusesBefore('canceled')).toEqual(['queued', 'paused', 'cancel_requested'])
    expect(jobStatusesBefore('queued')).toEqual(['paused', 'completed', 'completed_with_errors', 'failed'])
  })

  test('every state says who moves it on', () => {
    expect(Object.keys(jobMovedBy)).toEqual([...jobStatuses])
    expect(Object.keys(itemMovedBy)).toEqual([...itemStatuses])
  })

  test('what has an end is settled, and nothing else', () => {
    expect(jobStatuses.filter(isSettledJob)).toEqual([
      'completed',
      'completed_with_errors',
      'failed',
      'canceled',
    ])
    expect(itemStatuses.filter(isSettledItem)).toEqual([
      'succeeded',
      'skipped',
      'failed',
      'canceled',
      'interrupted',
    ])
    expect(closedStageStatuses.every(isClosedStage)).toBe(true)
    expect(
      ['pending', 'running', 'pause_requested', 'paused'].some((s) => isClosedStage(s as StageStatus)),
    ).toBe(false)
  })
})

const counts = (some: Partial<ItemCounts>): ItemCounts => ({ ...noItems, ...some })

describe('counts', () => {
  test('pending, running and interrupted items are open; held and failed ones are not', () => {
    expect(openItems(counts({ pending: 1, running: 2, interrupted: 4, held: 8, failed: 16 }))).toBe(7)
  })

  test('the total counts every state once', () => {
    const one = Object.fromEntries(itemStatuses.map((status) => [status, 1])) as ItemCounts
    expect(totalItems(one)).toBe(itemStatuses.length)
  })
})

describe('stageStatus', () => {
  const running: [string, boolean, boolean, Partial<ItemCounts>, StageStatus][] = [
    ['without items and not planned', true, false, {}, 'pending'],
    ['without items while its upstream is open', false, true, {}, 'pending'],
    ['planned without items behind a closed upstream', true, true, {}, 'skipped'],
    ['all succeeded, but more may come', false, true, { succeeded: 3 }, 'running'],
    ['all succeeded, but not all planned', true, false, { succeeded: 3 }, 'running'],
    ['all succeeded', true, true, { succeeded: 3 }, 'completed'],
    ['all skipped', true, true, { skipped: 3 }, 'completed'],
    ['one failed', true, true, { succeeded: 2, failed: 1 }, 'completed_with_errors'],
    ['one held', true, true, { succeeded: 2, held: 1 }, 'completed_with_errors'],
    ['one pending', true, true, { succeeded: 2, pending: 1 }, 'running'],
    ['one running', true, true, { succeeded: 2, running: 1 }, 'running'],
    ['one interrupted', true, true, { succeeded: 2, interrupted: 1 }, 'running'],
  ]
  test.each(running)('in a running job, %s', (_, upstreamClosed, planned, some, expected) => {
    expect(stageStatus('running', upstreamClosed, planned, counts(some))).toBe(expected)
  })

  const draining: JobStatus[] = ['pause_requested', 'paused', 'cancel_requested', 'failed']
  test.each(draining)('in a job that takes no new items (%s)', (job) => {
    const of = (some: Partial<ItemCounts>, planned = true) => stageStatus(job, true, planned, counts(some))
    expect(of({ pending: 5, running: 1 })).toBe('pause_requested')
    expect(of({ pending: 5 })).toBe('paused')
    expect(of({ interrupted: 5 })).toBe('paused')
    expect(of({ succeeded: 5 }, false)).toBe('paused')
    expect(of({}, false)).toBe('pending')
    expect(of({ succeeded: 5 })).toBe('completed')
    expect(of({ failed: 1 })).toBe('completed_with_errors')
    expect(of({})).toBe('skipped')
  })

  test('in a canceled job, open stages are canceled and closed ones keep their end', () => {
    const of = (some: Partial<ItemCounts>, planned = true, upstream = true) =>
      stageStatus('canceled', upstream, planned, counts(some))
    expect(of({ pending: 5, canceled: 1 })).toBe('canceled')
    expect(of({}, false)).toBe('canceled')
    expect(of({}, true, false)).toBe('canceled')
    expect(of({ interrupted: 1 })).toBe('canceled')
    expect(of({ succeeded: 4, canceled: 1 })).toBe('canceled')
    expect(of({ succeeded: 5 })).toBe('completed')
    expect(of({ failed: 5 })).toBe('completed_with_errors')
  })

  test('more work reopens a closed stage', () => {
    expect(stageStatus('completed', true, true, counts({ succeeded: 5 }))).toBe('completed')
    expect(stageStatus('completed', true, true, counts({ succeeded: 4, pending: 1 }))).toBe('running')
    expect(stageStatus('queued', true, true, counts({ succeeded: 4, pending: 1 }))).toBe('running')
  })

  test('only a stage with something open has no end, whatever the job', () => {
    for (const job of jobStatuses) {
      for (const status of itemStatuses) {
        const one = counts({ [status]: 1 })
        const closed = isClosedStage(stageStatus(job, true, true, one))
        expect(closed, `${job} with one ${status}`).toBe(job === 'canceled' || openItems(one) === 0)
      }
    }
  })
})

describe('stagesNow', () => {
  type Stage = [planned: boolean, some: Partial<ItemCounts>]
  const ok = { succeeded: 1 }
  const cases: [string, JobStatus, Stage[], string][] = [
    [
      'a closed stage has planned the next',
      'running',
      [
        [true, ok],
        [false, ok],
      ],
      'completed! completed!',
    ],
    [
      'an open one has not',
      'running',
      [
        [true, { running: 1 }],
        [false, ok],
      ],
      'running! running',
    ],
    [
      'the first plans by itself',
      'running',
      [
        [false, {}],
        [false, {}],
      ],
      'pending pending',
    ],
    [
      'nothing came: skipped to the end',
      'running',
      [
        [true, {}],
        [false, {}],
        [false, {}],
      ],
      'skipped! skipped! skipped!',
    ],
    [
      'errors close a stage too',
      'running',
      [
        [true, { failed: 1 }],
        [false, {}],
      ],
      'completed_with_errors! skipped!',
    ],
    [
      'a closed stage reopened reopens those behind',
      'queued',
      [
        [true, { pending: 1 }],
        [true, ok],
      ],
      'running! running!',
    ],
    [
      'what is paused is paused behind it',
      'paused',
      [
        [true, { pending: 1 }],
        [true, ok],
        [true, {}],
      ],
      'paused! paused! pending!',
    ],
    [
      'canceled: what never came was not skipped',
      'canceled',
      [
        [true, { canceled: 1 }],
        [false, {}],
      ],
      'canceled! canceled',
    ],
    [
      'canceled again: what had ended is canceled too',
      'canceled',
      [
        [true, { canceled: 1 }],
        [true, ok],
      ],
      'canceled! canceled!',
    ],
    [
      'canceled later: what was closed stays',
      'canceled',
      [
        [true, ok],
        [true, { pending: 1 }],
        [false, {}],
      ],
      'completed! canceled! canceled',
    ],
  ]
  test.each(cases)('%s', (_, job, stages, expected) => {
    const facts = stages.map(([planned, some]) => ({ planned, counts: counts(some) }))
    // A mark for each stage that has its plan.
    const seen = stagesNow(job, facts).map(({ planned, status }) => `${status}${planned ? '!' : ''}`)
    expect(seen.join(' ')).toBe(expected)
  })
})

describe('jobStatusAfter', () => {
  test('nothing ends while an item runs', () => {
    for (const job of jobStatuses) expect(jobStatusAfter(job, ['completed'], 1)).toBeUndefined()
  })

  test('a running job ends when every stage is closed, and says whether there were errors', () => {
    expect(jobStatusAfter('running', ['completed', 'skipped'], 0)).toBe('completed')
    expect(jobStatusAfter('running', ['completed', 'completed_with_errors'], 0)).toBe('completed_with_errors')
    expect(jobStatusAfter('running', ['completed', 'running'], 0)).toBeUndefined()
    expect(jobStatusAfter('running', ['completed', 'pending'], 0)).toBeUndefined()
  })

  test('a draining job is paused, or at its end if draining left nothing open', () => {
    expect(jobStatusAfter('pause_requested', ['completed', 'paused'], 0)).toBe('paused')
    expect(jobStatusAfter('pause_requested', ['completed', 'completed'], 0)).toBe('completed')
    expect(jobStatusAfter('pause_requested', ['completed_with_errors'], 0)).toBe('completed_with_errors')
  })

  test('a job that is being canceled is canceled, even if nothing was left to do', () => {
    expect(jobStatusAfter('cancel_requested', ['completed'], 0)).toBe('canceled')
    expect(jobStatusAfter('cancel_requested', ['paused'], 0)).toBe('canceled')
  })

  test('whoever waits for a person waits on', () => {
    for (const job of [
      'queued',
      'paused',
      'completed',
      'completed_with_errors',
      'failed',
      'canceled',
    ] as const) {
      expect(jobStatusAfter(job, ['completed'], 0)).toBeUndefined()
    }
  })

  test('what it answers is always a legal move', () => {
    for (const job of jobStatuses) {
      for (const stage of ['pending', 'running', 'paused', 'completed', 'completed_with_errors'] as const) {
        const to = jobStatusAfter(job, [stage], 0)
        expect(to === undefined || canMoveJob(job, to)).toBe(true)
      }
    }
  })
})
