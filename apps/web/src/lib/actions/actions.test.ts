import { canMoveItem, isSettledJob, itemStatuses, jobStatuses } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { shownActions } from './action.ts'
import { itemActions } from './item-actions.ts'
import { jobActions } from './job-actions.ts'

const ofJob = (status: (typeof jobStatuses)[number]) =>
  shownActions(jobActions, { id: 7, status }).map(({ id }) => id)
const ofItem = (status: (typeof itemStatuses)[number]) =>
  shownActions(itemActions, { id: 3, jobRunId: 7, status }).map(({ id }) => id)

test('a job that has ended offers nothing to pause, stop or cancel', () => {
  for (const status of jobStatuses.filter(isSettledJob)) expect(ofJob(status)).toEqual([])
  expect(ofJob('cancel_requested')).toEqual([])
})

test('a job that drains can be resumed, stopped at once, or canceled', () => {
  expect(ofJob('pause_requested')).toEqual(['resume', 'stop_now', 'cancel'])
})

test('a running job can be paused; a paused one cannot be paused again', () => {
  expect(ofJob('running')).toContain('pause')
  expect(ofJob('paused')).toEqual(['resume', 'cancel'])
})

test('an item is offered only what its state can move to', () => {
  for (const status of itemStatuses) {
    const offered = ofItem(status)
    if (offered.includes('hold')) expect(canMoveItem(status, 'held')).toBe(true)
    if (offered.includes('retry')) expect(canMoveItem(status, 'pending')).toBe(true)
  }
  expect(ofItem('running')).toEqual([])
  expect(ofItem('canceled')).toEqual([])
  expect(ofItem('failed')).toEqual(['retry', 'force_retry', 'hold'])
})

test('stop now is a pause that does not wait', () => {
  const stop = jobActions.find(({ id }) => id === 'stop_now')
  expect(stop?.command({ id: 7, status: 'running' })).toEqual({ type: 'pause', jobRunId: 7, now: true })
})
