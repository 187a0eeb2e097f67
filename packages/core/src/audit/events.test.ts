import { afterEach, beforeEach, expect, test } from 'vitest'
import { sendCommand } from '../commands/send.ts'
import { applyCommands } from '../commands/apply.ts'
import { change } from '../repositories/change.ts'
import { audited, breakRows } from '../testing/audited.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import { givenRunner } from '../testing/given-files.ts'
import { givenJob } from '../testing/given-job.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

const violations = async () => {
  const { findings } = await audited(home)
  return findings.filter(({ severity }) => severity === 'violation')
}
const checks = async () => [...new Set((await violations()).map(({ check }) => check))]

/** An event after the last one, numbered as it should be. */
const another = (kind: string, payload: object, item = 'null') =>
  `update event_seq set last_id = last_id + 1;
   insert into job_events select last_id, 1, '${kind}', 1, 1, ${item}, '${JSON.stringify(payload)}' from event_seq`

test('a gap in the events is found', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  await givenJob(home.database, { items: { pending: 1 } })
  breakRows(home, `delete from job_events where id in (3, 4)`)
  expect((await violations())[0]).toMatchObject({ check: 'events', message: 'events 3 to 4 are missing' })
})

test('a last event that is missing, or not yet numbered, is found', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  breakRows(home, `update event_seq set last_id = last_id + 2`)
  expect((await violations())[0]?.message).toMatch(/^events \d+ to \d+ are missing$/)
  breakRows(home, `update event_seq set last_id = last_id - 3`)
  expect((await violations())[0]?.message).toContain('behind the last given number')
})

test('a prefix taken by retention is no gap, and half a story is not judged', async () => {
  await givenJob(home.database, { items: { pending: 1, succeeded: 1 } })
  breakRows(home, `delete from job_events where id <= 2`)
  expect(await violations()).toEqual([])
})

test('events that cannot be read are found', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  breakRows(
    home,
    another('items_planned', {}),
    `update job_events set payload_json = '{' where kind = 'items_planned'`,
  )
  breakRows(home, another('who_knows', {}))
  const found = (await violations()).map(({ message }) => message)
  expect(found).toHaveLength(2)
  expect(found[0]).toContain('is not a JSON object')
  expect(found[1]).toContain('unknown kind "who_knows"')
})

test('an end that was told twice, of another attempt, or not at all is found', async () => {
  await givenJob(home.database, { items: { failed: 1, pending: 1 } })
  const settled = { stageType: 'download', outcome: 'failed', attempt: 1 }
  breakRows(home, another('item_settled', settled, '2'))
  expect(await violations()).toMatchObject([{ check: 'told', facts: { told: 2, happened: 1 } }])
  breakRows(
    home,
    `update job_events set payload_json = '{"attempt":2,"outcome":"failed"}' where kind = 'item_settled'`,
  )
  expect((await violations())[0]?.message).toContain('an attempt that was not made so')
  breakRows(home, `update job_events set kind = 'items_planned' where kind = 'item_settled'`)
  expect(await violations()).toMatchObject([{ check: 'told', facts: { told: 0, happened: 1 } }])
})

test('a file that was published twice is found', async () => {
  await givenJob(home.database, { items: { succeeded: 2, pending: 1 } })
  breakRows(home, another('file_published', { songId: 1 }, '2'))
  const found = await violations()
  expect(found.map(({ check }) => check)).toEqual(['published', 'published'])
  expect(found[1]).toMatchObject({ facts: { item: 2, published: 2, succeeded: 1 } })
})

test('a recovery that happened twice is found', async () => {
  await givenJob(home.database, { status: 'paused', items: { interrupted: 2 } })
  breakRows(home, another('recovery_requeued', { runnerId: 'given', count: 0 }))
  expect(await violations()).toMatchObject([{ check: 'recovery', facts: { runner: 'given', n: 2 } }])
})

test('a recovery that tells of more than it moved is found', async () => {
  await givenJob(home.database, { status: 'paused', items: { interrupted: 2 } })
  breakRows(
    home,
    `update job_events set payload_json = json_set(payload_json, '$.count', 3) where kind = 'recovery_requeued'`,
  )
  expect(await violations()).toMatchObject([{ check: 'recovery', facts: { told: 3, happened: 2 } }])
})

test('a status that was never told is found', async () => {
  await givenJob(home.database, { status: 'queued' })
  breakRows(home, `update job_runs set status = 'running'`)
  expect(await checks()).toContain('told')
})

test('a command that ended once is clean, one that was told twice is found', async () => {
  const { jobId } = await givenJob(home.database, { items: { pending: 1 } })
  await sendCommand(home.database, { type: 'pause', jobRunId: jobId }, { by: null, now: 5 })
  await change(home.database, 6, applyCommands)
  expect(await violations()).toEqual([])
  breakRows(home, another('command_ended', { commandType: 'pause', status: 'applied' }))
  expect(await violations()).toMatchObject([{ check: 'commands', facts: { ended: 1, told: 2 } }])
})

test('a command that waits is a notice, and says whether a runner is there', async () => {
  const { jobId } = await givenJob(home.database, { items: { pending: 1 } })
  await sendCommand(home.database, { type: 'pause', jobRunId: jobId }, { by: null, now: 1_000 })
  const at = (now: number) => audited(home, { now: () => now })
  expect((await at(5_000)).findings).toEqual([])
  const waiting = await at(13_000)
  expect(waiting).toMatchObject({
    ok: true,
    findings: [{ check: 'commands', severity: 'notice', facts: { alive: false } }],
  })
  expect(waiting.findings[0]?.message).toBe('command 1 (pause, job 1) has waited 12 s for a runner')
  const lock = await givenRunner(home)
  expect((await at(13_000)).findings).toMatchObject([{ facts: { alive: true } }])
  lock.release()
})

test('a command whose end has no time, and one about a strange item, are found', async () => {
  const { jobId } = await givenJob(home.database, { items: { pending: 1 } })
  await givenJob(home.database, { items: { pending: 1 }, about: [2] })
  const now = Date.now()
  await sendCommand(home.database, { type: 'pause', jobRunId: jobId }, { by: null, now })
  breakRows(home, `update job_commands set ended_at = 5`)
  expect(await checks()).toContain('commands')
  breakRows(home, `update job_commands set ended_at = null, target_item_id = 2`)
  expect(await violations()).toMatchObject([
    { check: 'commands', message: 'command 1 is about an item of another job' },
  ])
})

test('a row that refers to nothing, and a damaged index, are found', async () => {
  await givenJob(home.database, { items: { pending: 1 } })
  breakRows(home, `insert into pool_playlists (pool_id, playlist_id) values (8, 9)`)
  expect(await checks()).toEqual(['foreign_keys'])
  breakRows(
    home,
    `delete from pool_playlists`,
    `pragma writable_schema = on`,
    `update sqlite_schema set sql = replace(sql, '''running''', '''pending''') where name = 'job_items_running'`,
  )
  expect(await checks()).toEqual(['integrity'])
})

test('a database that is not in WAL is found', async () => {
  await home.database.close()
  breakRows(home, `pragma journal_mode = delete`)
  expect(await checks()).toEqual(['integrity'])
  breakRows(home, `pragma journal_mode = wal`)
})
