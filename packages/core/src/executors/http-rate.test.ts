import { expect, test } from 'vitest'
import { minimumRate } from './http-rate.ts'

test('a drip is told from a slow line', () => {
  let now = 0
  const drip = minimumRate(() => now)
  for (now = 0; now < 59_999; now += 1_000) expect(drip.enough(1)).toBe(true)
  now = 60_000
  expect(drip.enough(1)).toBe(false)

  now = 0
  const slow = minimumRate(() => now)
  for (now = 0; now <= 600_000; now += 1_000) expect(slow.enough(1_100)).toBe(true)
})

test('a burst does not excuse a drip for ever', () => {
  let now = 0
  const rate = minimumRate(() => now)
  expect(rate.enough(1e9)).toBe(true)
  now = 60_000
  expect(rate.enough(1)).toBe(true)
  now = 120_000
  expect(rate.enough(1)).toBe(false)
})

test('the time that our disk takes is not held against the server', async () => {
  let now = 0
  const rate = minimumRate(() => now)
  await rate.without(
    (async () => {
      await Promise.resolve()
      now = 100_000
    })(),
  )
  expect(rate.enough(1)).toBe(true)
})
