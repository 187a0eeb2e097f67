import { expect, test } from 'vitest'
import { lastLine, tally } from './tally.ts'

const file = (...statuses: string[]) => ({
  status: statuses.includes('failed') ? 'failed' : 'passed',
  assertionResults: statuses.map((status) => ({ status })),
})

test('passed, failed and skipped tests are counted over all files', () => {
  const report = { testResults: [file('passed', 'failed'), file('passed', 'skipped', 'todo')] }
  expect(tally(report, 1)).toEqual({ passed: 2, failed: 1, skipped: 2 })
})

test('a file that cannot be loaded is a failed test', () => {
  const report = { testResults: [file('passed'), { status: 'failed', assertionResults: [] }] }
  expect(tally(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('a run that ends badly with all its tests well is a failed test', () => {
  expect(tally({ testResults: [file('passed')] }, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
})

test('no report, or a report without tests, is a failed test', () => {
  expect(tally(undefined, 0)).toMatchObject({ failed: 1 })
  expect(tally({ testResults: [] }, 0)).toMatchObject({ failed: 1 })
})

test('in the browser a test that passed only when tried again has failed', () => {
  const stats = { expected: 4, unexpected: 1, flaky: 1, skipped: 2 }
  expect(tally({ stats }, 1)).toEqual({ passed: 4, failed: 2, skipped: 2 })
})

test('the last line is the sum', () => {
  expect(lastLine([tally({ testResults: [file('passed')] }, 0), { passed: 0, failed: 2, skipped: 0 }])).toBe(
    '1 passed, 2 failed',
  )
})
