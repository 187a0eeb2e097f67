import { isSettledJob, type JobView } from '@catalogsync/contract'
import { eventsAfter, getJob, openDatabase, type Database } from '@catalogsync/core'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { catalogsync, endAll, isAlive, library, start, until } from './testing/cli.ts'

/** Enough that a job can be met in its middle. */
const songs = 120

let data: string
let remove: () => void
let database: Database | undefined
beforeEach(() => void ({ data, remove } = library(songs)))
afterEach(async () => {
  await database?.close()
  database = undefined
  await endAll()
  remove()
})

const cli = (...args: string[]) => catalogsync([...args, '--data', data])
const serve = (...args: string[]) =>
  start(['serve', '--data', data, '--host', '127.0.0.1', '--port', '0', '--json', ...args])
const dbPath = () => join(data, 'catalogsync.sqlite')

/** Serves, starts a full job, and waits until songs come in. */
async function inMidJob() {
  const served = serve()
  const runner = await served.line(({ kind, state }) => kind === 'runner' && state === 'started')
  expect((await cli('job', 'start', '--type', 'full')).code).toBe(0)
  database ??= await openDatabase(dbPath(), 'readonly')
  await jobWhen((job) => succeeded(job) > 0)
  return { served, runnerPid: runner['pid'] as number } // what --json gives
}

const job = () => getJob(database!.db, 1)
const jobWhen = (is: (job: JobView) => boolean) =>
  until('the job', async () => {
    const now = await job()
    return is(now) ? now : undefined
  })
const succeeded = (view: JobView) =>
  view.stages.find((s) => s.stageType === 'download')?.counts.succeeded ?? 0
const kinds = async () => (await eventsAfter(database!.db, 0, 100_000)).map((event) => event.kind)

describe('serve', () => {
  test('stopped in mid-job lets go, and the next start goes on without a recovery', async () => {
    const { served } = await inMidJob()
    expect(await served.stop()).toBe(0)
    const stopped = await job()
    expect(stopped.status).toBe('running')
    expect(succeeded(stopped)).toBeLessThan(songs)
    expect(stopped.stages.map((stage) => stage.counts.running)).toEqual([0, 0, 0, 0])

    serve()
    const done = await jobWhen((view) => isSettledJob(view.status))
    expect([done.status, succeeded(done)]).toEqual(['completed', songs])
    expect(await kinds()).not.toContain('recovery_requeued')
    expect((await cli('audit', '--bytes', 'all')).code).toBe(0)
  })

  test('starts a runner that died alone again, and its job can be resumed', async () => {
    const { served, runnerPid } = await inMidJob()
    process.kill(runnerPid, 'SIGKILL')
    const died = await served.line(({ state }) => state === 'died')
    expect(died).toMatchObject({ signal: 'SIGKILL', againInMs: 1000 })
    const next = await served.line(({ state, pid }) => state === 'started' && pid !== runnerPid)
    expect(isAlive(next['pid'] as number)).toBe(true) // what --json gives
    await jobWhen((view) => view.status === 'paused')
    expect(await kinds()).toContain('recovery_requeued')

    const resumed = await cli('job', 'resume', '1', '--json')
    expect(resumed.lines()[0]).toMatchObject({ command: { type: 'resume', status: 'applied' } })
    const watched = await cli('job', 'watch', '1', '--json')
    expect(watched.lines().at(-1)).toMatchObject({ kind: 'summary', status: 'completed', fetched: songs })
    expect(watched.code).toBe(0)
    expect((await cli('audit', '--bytes', 'all')).code).toBe(0)
  })

  test('killed in mid-job takes its runner along, which lets go by itself', async () => {
    const { served, runnerPid } = await inMidJob()
    served.child.kill('SIGKILL')
    await until('the end of the runner', () => (isAlive(runnerPid) ? undefined : true))
    expect((await job()).status).toBe('running')
    expect((await kinds()).at(-1)).toBe('runner_stopped')
    serve()
    await jobWhen((view) => view.status === 'completed')
    expect(await kinds()).not.toContain('recovery_requeued')
  })

  test('stopped twice ends at once', async () => {
    const { served } = await inMidJob()
    served.child.kill('SIGINT')
    served.child.kill('SIGTERM')
    expect(await served.ended).toBe(130)
  })
})

describe('the runner by itself', () => {
  test('works off what was asked before it came, and ends when told', async () => {
    serve('--no-runner')
    await until('the database', () => (existsSync(dbPath()) ? true : undefined))
    const started = await until('the job', async () => {
      const ran = await cli('job', 'start', '--type', 'collect_only')
      return ran.code === 0 ? ran : undefined
    })
    expect(started.out).toContain('No runner is alive')
    const paused = await cli('job', 'pause', '1')
    expect([paused.code, paused.out]).toEqual([0, expect.stringContaining('waits for a runner')])

    const runner = start(['runner', '--data', data, '--json'])
    await runner.line(({ state }) => state === 'started')
    database = await openDatabase(dbPath(), 'readonly')
    await jobWhen((view) => view.status === 'paused')
    const resumed = await cli('job', 'resume', '1')
    expect([resumed.code, resumed.out]).toEqual([0, expect.stringContaining('applied')])
    await jobWhen((view) => view.status === 'completed')
    const refused = await cli('job', 'cancel', '1')
    expect([refused.code, refused.out]).toEqual([4, expect.stringContaining('rejected')])
    expect(await runner.stop()).toBe(0)
  })
})

test('a library without its marker is said, waited for, and gone on with when it is back', async () => {
  const first = serve()
  await first.line(({ state }) => state === 'started')
  const marker = join(data, 'library/.catalogsync-library')
  await until('the library', () => (existsSync(marker) ? true : undefined))
  const text = readFileSync(marker)
  await first.stop()
  rmSync(marker)

  const started = await cli('job', 'start', '--type', 'full')
  expect(started.code).toBe(0)
  expect(started.err).toContain('has lost its marker file .catalogsync-library')
  const served = serve()
  await served.line(({ state }) => state === 'started')
  expect(served.err()).toContain('has lost its marker file')
  database = await openDatabase(dbPath(), 'readonly')
  await jobWhen(
    (view) => (view.stages[2]?.counts.pending ?? 0) === songs && view.stages[1]?.status === 'completed',
  )
  const shown = await cli('job', 'show', '1')
  expect(shown.out).toContain('waiting: the marker .catalogsync-library is missing')
  const items = await cli('item', 'list', '1', '--stage', 'download', '--limit', '1')
  expect(items.out).toContain('waiting: the marker .catalogsync-library is missing')
  expect(existsSync(join(data, 'library/Nobody'))).toBe(false)

  writeFileSync(marker, text)
  const done = await jobWhen((view) => isSettledJob(view.status))
  expect([done.status, succeeded(done)]).toEqual(['completed', songs])
})
