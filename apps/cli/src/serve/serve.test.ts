import { spawn } from 'node:child_process'
import { expect, test } from 'vitest'
import { addressesOf } from './addresses.ts'
import { nextDelay } from './backoff.ts'
import { superviseRunner, type RunnerNews } from './supervise.ts'

test('a runner that dies again and again is started less and less often', () => {
  const delays: number[] = []
  let before: number | null = null
  for (let death = 0; death < 9; death++) delays.push((before = nextDelay(before, 10)))
  expect(delays).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000])
  expect(nextDelay(32_000, 61_000)).toBe(1000)
})

test('a runner that is told to stop is not started again', async () => {
  const news: RunnerNews[] = []
  const sleeper = () => spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
  const supervisor = superviseRunner(sleeper, (what) => news.push(what))
  await supervisor.stop()
  await supervisor.stop()
  expect(news.map(({ state }) => state)).toEqual(['started'])
})

test('a runner that cannot be started is told of, and stopping does not wait for it', async () => {
  await new Promise<void>((resolve, reject) => {
    const supervisor = superviseRunner(
      () => spawn('/nowhere/node'),
      (news) => {
        expect(news).toMatchObject({ state: 'died', againInMs: 1000 })
        supervisor.stop().then(resolve, reject)
      },
    )
  })
})

test('a server says where a browser finds it', () => {
  expect(addressesOf('127.0.0.1', 8421)).toEqual(['http://127.0.0.1:8421/'])
  expect(addressesOf('::1', 80)).toEqual(['http://[::1]:80/'])
  expect(addressesOf('0.0.0.0', 8421)[0]).toBe('http://localhost:8421/')
})
