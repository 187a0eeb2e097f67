import BetterSqlite3 from 'better-sqlite3'
import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import {
  attemptOutcomes,
  closedStageStatuses,
  commandStatuses,
  commandTypes,
  failureClasses,
  fileKinds,
  gateKinds,
  itemStatuses,
  itemTypes,
  jobStatuses,
  jobTypes,
  logLevels,
  settledItemStatuses,
  settledJobStatuses,
  stageStatuses,
  stageTypes,
} from '@catalogsync/contract'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrations } from './migrate.ts'
import { openDatabase } from './open.ts'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'db-'))
  file = path.join(folder, 'catalogsync.db')
})
afterEach(() => rm(folder, { recursive: true }))

const made = async () => (await openDatabase(file)).close()
const latest = Object.keys(migrations).at(-1)

describe('every open', () => {
  test.each(['create', 'existing', 'readonly'] as const)(
    'for %s is durable and checks references',
    async (mode) => {
      await made()
      const database = await openDatabase(file, mode)
      const pragma = async (name: string) =>
        Object.values(
          (await sql<object>`pragma ${sql.raw(name)}`.execute(database.db)).rows[0] ?? {},
        )[0] as unknown
      expect(await pragma('synchronous')).toBe(2)
      expect(await pragma('foreign_keys')).toBe(1)
      expect(await pragma('journal_mode')).toBe('wal')
      await database.close()
    },
  )

  test('brings an empty file up to date, which a crash at the very first start leaves behind', async () => {
    await writeFile(file, '')
    const database = await openDatabase(file)
    const steps = await sql<{ name: string }>`select name from schema_migrations order by name`.execute(
      database.db,
    )
    expect(steps.rows.map((row) => row.name)).toEqual(Object.keys(migrations))
    await database.close()
  })

  test('of an up-to-date file changes nothing in it', async () => {
    await made()
    const before = await readFile(file)
    await made()
    expect(await readFile(file)).toEqual(before)
  })
})

describe('a file that cannot be used', () => {
  test('because it is not a database is refused and left as it was', async () => {
    const text = 'this is a shopping list, not a database, and it is long enough to be looked at '.repeat(20)
    await writeFile(file, text)
    await expect(openDatabase(file)).rejects.toMatchObject({
      code: 'database_unusable',
      facts: { path: file, cause: 'the file is not an SQLite database' },
    })
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  test('because it was cut short is refused', async () => {
    await made()
    await truncate(file, 20_000)
    await expect(openDatabase(file)).rejects.toMatchObject({ code: 'database_unusable' })
  })

  test('because a newer version wrote it is refused and left as it was', async () => {
    await made()
    const raw = new BetterSqlite3(file)
    raw
      .prepare('insert into schema_migrations (name, timestamp) values (?, ?)')
      .run('9999-later', '2030-01-01')
    raw.close()
    const before = await readFile(file)
    for (const mode of ['create', 'existing', 'readonly'] as const) {
      await expect(openDatabase(file, mode)).rejects.toMatchObject({
        code: 'database_newer',
        facts: { path: file, found: '9999-later', known: latest },
      })
    }
    expect(await readFile(file)).toEqual(before)
  })

  test.each(['existing', 'readonly'] as const)('because it is not there is not made (%s)', async (mode) => {
    await expect(openDatabase(file, mode)).rejects.toMatchObject({ code: 'database_unusable' })
    await expect(readFile(file)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

test('a migration that fails leaves nothing of itself, and nothing of the steps before it', async () => {
  migrations['9998-good'] = { up: (db) => db.schema.createTable('good').addColumn('id', 'integer').execute() }
  migrations['9999-bad'] = {
    up: (db) => sql`create table good (id integer)`.execute(db).then(() => undefined),
  }
  try {
    await expect(openDatabase(file)).rejects.toMatchObject({ code: 'database_unusable' })
  } finally {
    delete migrations['9998-good']
    delete migrations['9999-bad']
  }
  const raw = new BetterSqlite3(file)
  const tables = raw
    .prepare("select name from sqlite_schema where name in ('good', 'job_runs')")
    .pluck()
    .all()
  raw.close()
  expect(tables).toEqual([])
  await made()
})

describe('the words of the schema', () => {
  const sets: [table: string, column: string, words: readonly string[]][] = [
    ['job_runs', 'job_type', jobTypes],
    ['job_runs', 'status', jobStatuses],
    ['job_stages', 'stage_type', stageTypes],
    ['job_stages', 'status', stageStatuses],
    ['job_items', 'stage_type', stageTypes],
    ['job_items', 'item_type', itemTypes],
    ['job_items', 'status', itemStatuses],
    ['job_items', 'failure_class', failureClasses],
    ['job_item_attempts', 'outcome', attemptOutcomes],
    ['job_item_attempts', 'failure_class', failureClasses],
    ['job_commands', 'command_type', commandTypes],
    ['job_commands', 'status', commandStatuses],
    ['job_logs', 'level', logLevels],
    ['gates', 'kind', gateKinds],
    ['gates', 'failure_class', failureClasses],
    ['file_locations', 'kind', fileKinds],
  ]
  test.each(sets)('in %s.%s are the words of the contract', async (table, column, words) => {
    const database = await openDatabase(file)
    const text = await schemaOf(database.db, table)
    const list = new RegExp(`check \\(${column} in \\(([^)]*)\\)\\)`).exec(text)?.[1] ?? ''
    expect(list.split(',').map((word) => word.trim().slice(1, -1))).toEqual([...words])
    await database.close()
  })

  const ends: [table: string, settled: readonly string[]][] = [
    ['job_runs', settledJobStatuses],
    ['job_stages', closedStageStatuses],
    ['job_items', settledItemStatuses],
  ]
  test.each(ends)('that give a row of %s an end time are the settled ones', async (table, settled) => {
    const database = await openDatabase(file)
    const text = await schemaOf(database.db, table)
    const list = /check \(\(ended_at is not null\) = \(status in \(([^)]*)\)\)\)/.exec(text)?.[1] ?? ''
    expect(list.split(',').map((word) => word.trim().slice(1, -1))).toEqual([...settled])
    await database.close()
  })

  async function schemaOf(
    db: Awaited<ReturnType<typeof openDatabase>>['db'],
    table: string,
  ): Promise<string> {
    const { rows } = await sql<{ sql: string }>`select sql from sqlite_schema where name = ${table}`.execute(
      db,
    )
    return (rows[0]?.sql ?? '').replace(/\s+/g, ' ')
  }
})
