import { isSettledJob } from '@catalogsync/contract'
import { eventCursor, eventsAfter, getJob, listItems } from '@catalogsync/core'
import type { ChildProcess } from 'node:child_process'
import { afterEach, expect, test } from 'vitest'
import { givenHome, hashesIn, killed, seeded, stopped, until, type Home } from './home.ts'

let home: Home
afterEach(() => home.end())

const seed = Math.floor(Math.random() * 1e9)

const songs = 60

/** Lets a runner work on a job for a random while, told in events. @returns false if nothing is left to do */
async function worksAWhile(random: () => number, jobId: number): Promise<boolean> {
  const { db } = home.database
  if ((await getJob(db, jobId)).status === 'paused') await home.apply({ type: 'resume', jobRunId: jobId })
  const enough = (await eventCursor(db)).lastId + 1 + Math.floor(random() * 30)
  return until('enough to happen', async () => {
    if (isSettledJob((await getJob(db, jobId)).status)) return 'done'
    return (await eventCursor(db)).lastId >= enough && 'enough'
  }).then((end) => end === 'enough')
}

const items = async (jobId: number, status: 'running' | 'interrupted') =>
  (await listItems(home.database.db, jobId, { status, limit: 1_000 })).rows.map((item) => item.id)

/** A successor adopts what had got its name, and interrupts the rest, in a job that it pauses. */
async function successor(jobId: number, held: readonly number[]): Promise<ChildProcess> {
  const { db } = home.database
  const before = (await eventCursor(db)).lastId
  const child = await home.runner()
  const events = await eventsAfter(db, before, 10_000)
  const settled = events.flatMap((event) => (event.kind === 'item_settled' ? (event.itemId ?? 0) : []))
  const lost = held.filter((id) => !settled.includes(id))
  const requeued = events.flatMap((event) => (event.kind === 'recovery_requeued' ? event.payload.count : []))
  expect(requeued).toEqual(lost.length > 0 ? [lost.length] : [])
  expect(await items(jobId, 'interrupted')).toEqual(lost)
  if (lost.length > 0) {
    expect((await getJob(db, jobId)).status).toBe('paused')
    expect(await home.violations('none')).toEqual([])
  }
  return child
}

test(`a runner that is killed 50 times loses nothing and does nothing twice (seed ${seed})`, async () => {
  const random = seeded(seed)
  home = await givenHome(songs, 'pause')
  const { db } = home.database
  const jobs: number[] = []
  let child = await home.runner()
  for (let kills = 0; kills < 50 && jobs.length < 30;) {
    const id = await home.start({ jobType: 'full', scope: { mode: 'all' } })
    jobs.push(id)
    while (kills < 50 && (await worksAWhile(random, id))) {
      await killed(child)
      kills++
      child = await successor(id, await items(id, 'running'))
    }
    if ((await getJob(db, id)).status === 'paused') await home.apply({ type: 'resume', jobRunId: id })
    const view = await home.jobIs(id, 'completed', 'completed_with_errors', 'failed')
    expect(view.status, JSON.stringify((await listItems(db, id, { status: 'failed' })).rows[0])).toBe(
      'completed',
    )
    expect(view.stages.slice(1).map((stage) => stage.counts.succeeded)).toEqual([1, songs, songs])
  }
  await stopped(child)
  const published = (await eventsAfter(db, 0, 1_000_000)).filter((event) => event.kind === 'file_published')
  for (const id of jobs) {
    const mine = published.filter((event) => event.jobRunId === id).map((event) => event.payload.songId)
    expect(mine).toHaveLength(songs)
    expect(new Set(mine).size).toBe(songs)
  }
  expect(hashesIn(home.settings.libraryDir)).toEqual(home.sourceHashes)
  expect(hashesIn(home.bucket)).toEqual(home.sourceHashes)
  expect(await home.violations('all')).toEqual([])
})

test('two runners share a job of 500 items and never run one twice', async () => {
  home = await givenHome(250, 'pause')
  await Promise.all([home.runner(), home.runner()])
  const id = await home.start({ jobType: 'full' })
  await home.jobIs(id, 'completed')
  const events = await eventsAfter(home.database.db, 0, 1_000_000)
  const started = events.flatMap((event) => (event.kind === 'items_started' ? [event.payload] : []))
  const items = started.flatMap(({ itemIds }) => itemIds)
  expect(new Set(items).size).toBe(items.length)
  expect(new Set(started.map(({ runnerId }) => runnerId)).size).toBe(2)
  expect(events.filter((event) => event.kind === 'file_published')).toHaveLength(250)
  expect(events.map((event) => event.id)).toEqual(events.map((_, i) => i + 1))
  expect(await home.violations('all')).toEqual([])
})
