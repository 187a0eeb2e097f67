import { Kysely, sql, type CompiledQuery } from 'kysely'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openCommands } from '../repositories/commands.ts'
import {
  claimItems,
  heldLeases,
  itemsOfRunner,
  nextDueAt,
  settleItems,
  songsRunning,
} from '../repositories/items.ts'
import { openJobs } from '../repositories/jobs.ts'
import { stagesOfJob } from '../repositories/stages.ts'
import { tempDatabase, type TempDatabase } from '../testing/database.ts'
import type { Queries, Tx } from './open.ts'
import { sqliteDialect } from './sqlite/dialect.ts'
import { openSqlite } from './sqlite/open.ts'
import type { Tables } from './tables.ts'

/** What the hot statements cost must not depend on how much lies in the tables: their plans are held here. */
let home: TempDatabase
beforeEach(async () => {
  home = await tempDatabase()
})
afterEach(() => home.remove())

/** The query plans, step by step, of the statements that `work` runs. */
async function plans(work: (db: Queries) => Promise<unknown>): Promise<string[][]> {
  const raw = openSqlite(home.settings.dbPath, 'existing')
  const ran: CompiledQuery[] = []
  const db = new Kysely<Tables>({ dialect: sqliteDialect(raw), log: ({ query }) => void ran.push(query) })
  try {
    await work(db)
    return ran.map(({ sql: text, parameters }) =>
      raw
        .prepare<unknown[], { detail: string }>(`explain query plan ${text}`)
        .all(...parameters)
        .map(({ detail }) => detail),
    )
  } finally {
    await db.destroy()
  }
}

const claim = { stageId: 1, gateRef: 'open', limit: 5, runnerId: 'r', lease: 'r.1', now: 1_000 }
const scans = (plan: string[] | undefined) => plan?.filter((step) => step.startsWith('SCAN'))

test('the claim walks its index from the gate and the time, in order, and looks up who runs by key', async () => {
  const [plan] = await plans((db) => claimItems(db as Tx, claim))
  expect(plan).toContain(
    'SEARCH next USING INDEX job_items_claim (job_stage_id=? AND gate_ref=? AND available_at<?)',
  )
  expect(plan?.some((step) => /other USING (COVERING )?INDEX job_items_running/.test(step))).toBe(true)
  expect(plan).toContain('SEARCH job_items USING INTEGER PRIMARY KEY (rowid=?)')
  expect(scans(plan)).toEqual([])
  expect(plan?.join()).not.toContain('TEMP B-TREE')
})

test('the claim takes the right items from behind 100,000 that wait at a closed gate', async () => {
  const { db } = home.database
  await givenStage()
  await givenItems('closed', 100_000)
  await givenItems('open', 10)
  const items = await home.database.write((tx) => claimItems(tx, claim))
  expect(items.map((item) => item.key)).toEqual([1, 2, 3, 4, 5].map((n) => `open:${n}`))
  expect(await nextDueAt(db, 1, 'closed', 0)).toBe(1)
})

test('the next time that something comes due is one step in the claim index', async () => {
  const [plan] = await plans((db) => nextDueAt(db, 1, 'open', 1_000))
  expect(plan).toEqual([
    'SEARCH job_items USING COVERING INDEX job_items_claim (job_stage_id=? AND gate_ref=? AND available_at>?)',
  ])
})

test('a group is settled row by row, by primary key', async () => {
  const settlement = {
    id: 1, lease: 'r.1', status: 'skipped', outcome: 'skipped', used: 1, class: null, reason: null,
    reasonKey: null, result: null, availableAt: 1, runnerId: 'r', worker: 'w', startedAt: 1, fileId: null,
  } as const // prettier-ignore
  const [plan] = await plans((db) => settleItems(db as Tx, [settlement], 2))
  expect(plan).toContain('SEARCH job_items USING INTEGER PRIMARY KEY (rowid=?)')
  expect(scans(plan)).toEqual(['SCAN json_each VIRTUAL TABLE INDEX 1:'])
})

test('leases are looked up by primary key', async () => {
  const [plan] = await plans((db) => heldLeases(db, [{ id: 1, lease: 'r.1' }]))
  expect(plan).toContain('SEARCH job_items USING INTEGER PRIMARY KEY (rowid=?)')
  expect(scans(plan)).toEqual(['SCAN json_each VIRTUAL TABLE INDEX 1:'])
})

test('a dead runner’s items, and songs that run, are found among those that run', async () => {
  const [ofRunner] = await plans((db) => itemsOfRunner(db, 'r'))
  expect(ofRunner).toEqual(['SEARCH job_items USING INDEX job_items_of_runner (runner_id=?)'])
  const [running] = await plans((db) => songsRunning(db, [1]))
  expect(running?.[0]).toContain('USING INDEX job_items_running (stage_type=? AND item_key=?)')
})

test('open jobs and open commands are read from indexes that hold only those', async () => {
  const [jobs] = await plans((db) => openJobs(db))
  expect(jobs).toEqual(['SCAN job_runs USING INDEX job_runs_open'])
  const [commands] = await plans((db) => openCommands(db))
  expect(commands).toEqual(['SCAN job_commands USING INDEX job_commands_open'])
})

test('the stages of a job are found by the job', async () => {
  const [plan] = await plans((db) => stagesOfJob(db, 1))
  expect(plan?.[0]).toMatch(/^SEARCH job_stages USING INDEX .* \(job_run_id=\?\)$/)
  expect(plan?.join()).not.toContain('TEMP B-TREE')
})

async function givenStage(): Promise<void> {
  await home.database.write(async (tx) => {
    const texts = { sources: '[]', download_sources: '[]', backends: '[]', config_snapshot_json: '{}' }
    const job = { job_type: 'download_only', playlist_scope_json: '{}', created_at: 1, ...texts } as const
    await tx.insertInto('job_runs').values(job).execute()
    await tx.insertInto('job_stages').values({ job_run_id: 1, stage_type: 'download', seq_no: 0 }).execute()
  })
}

/** Items in line at one gate, in order of their numbers. */
async function givenItems(gateRef: string, n: number): Promise<void> {
  await sql`insert into job_items (job_stage_id, job_run_id, stage_type, item_type, item_key, gate_ref, label)
    with recursive numbers (i) as (select 1 union all select i + 1 from numbers where i < ${n})
    select 1, 1, 'download', 'song', ${gateRef} || ':' || i, ${gateRef}, 'a song' from numbers`.execute(
    home.database.db,
  )
}
