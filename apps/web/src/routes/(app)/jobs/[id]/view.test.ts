import type { ItemView, JobView } from '@catalogsync/contract'
import { expect, test } from 'vitest'
import { en } from '#lib/i18n/en.ts'
import { translator } from '#lib/i18n/translate.ts'
import { itemDetail, jobNow, jobTime } from './view.ts'

const t = translator(en, 'en')
const item = (over: Partial<ItemView>) =>
  ({ status: 'failed', class: null, reason: null, availableAt: null, ...over }) as ItemView // only these are read
const job = (over: Partial<JobView>) => ({ id: 1, startedAt: null, endedAt: null, ...over }) as JobView // likewise

test('a row says why it failed, and in what way if nobody wrote a reason', () => {
  expect(itemDetail(item({ class: 'permanent', reason: '404' }), 0, t, 'en')).toBe('404')
  expect(itemDetail(item({ class: 'permanent' }), 0, t, 'en')).toBe('gone or refused')
  expect(itemDetail(item({}), 0, t, 'en')).toBe('')
})

test('a row that waits says why and until when', () => {
  const waiting = item({ status: 'pending', reason: 'timed out', availableAt: 90_000 })
  expect(itemDetail(waiting, 60_000, t, 'en')).toBe('timed out · tries again in 30 sec.')
  expect(itemDetail(waiting, 90_000, t, 'en')).toBe('timed out')
})

test('a job that is live is shown as it is now', () => {
  const read = job({ status: 'running' })
  expect(jobNow(read, [job({ id: 2 }), job({ status: 'paused' })]).status).toBe('paused')
  expect(jobNow(read, [])).toBe(read)
})

test('the time of a job counts from its start, and stands still behind its end', () => {
  expect(jobTime(job({}), 9000, t, 'en')).toBe('')
  expect(jobTime(job({ startedAt: 4000 }), 9000, t, 'en')).toBe('Running for 5 s')
  expect(jobTime(job({ startedAt: 4000, endedAt: 7000 }), 9000, t, 'en')).toBe('Took 3 s')
})
