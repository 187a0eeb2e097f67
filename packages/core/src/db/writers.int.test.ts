import { fork } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { eventCursor, eventsAfter } from '../repositories/events.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'

let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

test('processes that read and then write in one transaction lose no update, and their events have no gap', async () => {
  const { db } = home.database
  await db.insertInto('meta').values({ key: 'n', value: '0' }).execute()
  const script = path.join(import.meta.dirname, '../testing/writer-process.ts')
  const each = 300
  const writers = ['a', 'b', 'c'].map((name) =>
    fork(script, [home.settings.dbPath, name, String(each)], { execArgv: ['--conditions=source'] }),
  )
  await Promise.all(writers.map((child) => once(child, 'message')))
  const ends = writers.map((child) => once(child, 'exit'))
  for (const child of writers) child.send('go')
  expect((await Promise.all(ends)).map(([code]) => code as number)).toEqual([0, 0, 0])

  const row = await db.selectFrom('meta').select('value').where('key', '=', 'n').executeTakeFirst()
  expect(row?.value).toBe(String(3 * each))
  const events = await eventsAfter(db, 0, 100_000)
  expect(events).toHaveLength(3 * (each + each / 3))
  expect(events.map((event) => event.id)).toEqual(events.map((_, i) => i + 1))
  expect((await eventCursor(db)).lastId).toBe(events.length)
})
