import { unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Settings } from '../config/settings.ts'
import type { Database } from '../db/open.ts'
import { mtimeIfSame } from '../library/same-bytes.ts'
import { change, moveJob, type Change } from '../repositories/change.ts'
import { closedGates, setProbe } from '../repositories/gates.ts'
import { itemsOfRunner, settleItems, type ClaimedItem } from '../repositories/items.ts'
import { jobOf, jobRow, type Job } from '../repositories/jobs.ts'
import { clearJournal, journalOfRunner, type JournalRow } from '../repositories/journal.ts'
import { endedHolders, endRunner, openRunners } from '../repositories/runners.ts'
import { tidyUp } from './aftermath.ts'
import { isDead, removeLock } from './lock.ts'
import type { Prepared } from './prepare.ts'
import { settle } from './settle.ts'

export const restartReason = 'Runner restarted during execution'

export interface RecoverContext {
  settings: Settings
  lockFolder: string
  /** The runner that recovers; it is alive. */
  runnerId: string
  now: () => number
}

/**
 * Finds runners that died without a word and settles what they left behind; also what runners still hold
 * that have ended or that nobody knows. @returns how many died
 */
export async function recoverDead(database: Database, ctx: RecoverContext): Promise<number> {
  let dead = 0
  for (const runner of await openRunners(database.db)) {
    if (runner.id === ctx.runnerId || !isDead(ctx.lockFolder, runner.id)) continue
    await recoverRunner(database, runner.id, ctx)
    removeLock(ctx.lockFolder, runner.id)
    dead++
  }
  for (const id of await endedHolders(database.db)) {
    if (id !== ctx.runnerId) await recoverRunner(database, id, ctx)
  }
  return dead
}

/**
 * Files that had got their name are adopted by their journalled hash; every other item is `interrupted`,
 * its attempt refunded, and its job drains to `paused`, or goes on when RECOVERY_MODE is `resume`.
 * Whoever moves a row first moves it alone: two recoveries cannot double.
 */
async function recoverRunner(database: Database, runnerId: string, ctx: RecoverContext): Promise<void> {
  const { libraryDir } = ctx.settings
  const visible: JournalRow[] = []
  for (const row of await journalOfRunner(database.db, runnerId)) {
    if (await isVisible(libraryDir, row)) visible.push(row)
  }
  const left = await change(database, ctx.now(), async (c) => {
    const died = await endRunner(c.tx, runnerId, c.now)
    const items = await itemsOfRunner(c.tx, runnerId)
    if (!died && items.length === 0) return null
    const jobs = await jobsOf(c, items)
    const adopted = items.flatMap((item) => {
      const row = visible.find((entry) => entry.job_item_id === item.id && entry.lease_token === item.lease)
      return row ? [adoption(item, row)] : []
    })
    const aftermath = await settle(c, adopted, {
      runnerId,
      jobs,
      gates: await closedGates(c.tx),
      retry: { attempts: 1, baseMs: 0, maxMs: 0 },
      random: () => 0,
    })
    const lost = items.filter((item) => !adopted.some(({ finished }) => finished.item.id === item.id))
    await interrupt(c, runnerId, lost, jobs, ctx.settings.recoveryMode === 'resume')
    await clearJournal(
      c.tx,
      (await journalOfRunner(c.tx, runnerId)).map((row) => row.job_item_id),
    )
    if (died) c.emit('runner_stopped', {}, { runnerId, reason: 'it died without a word' })
    const canceledJobs = [...jobs.values()].filter((job) => job.status === 'cancel_requested')
    return {
      aftermath: { ...aftermath, canceledJobs: canceledJobs.map((job) => job.id) },
      adopted: adopted.map(({ finished }) => finished.item.id),
    }
  })
  if (!left) return
  await tidyUp(database.db, ctx.settings, left.aftermath)
  for (const row of visible) {
    // Its other name is published.
    if (left.adopted.includes(row.job_item_id)) await unlink(row.part_path).catch(() => undefined)
  }
}

async function interrupt(
  c: Change,
  runnerId: string,
  items: readonly ClaimedItem[],
  jobs: ReadonlyMap<number, Job>,
  resume: boolean,
): Promise<void> {
  const moved = await settleItems(
    c.tx,
    items.map((item) => ({
      id: item.id,
      lease: item.lease,
      status: goesOn(item, jobs, resume) ? 'pending' : 'interrupted',
      outcome: 'interrupted',
      used: 0,
      class: null,
      reason: restartReason,
      reasonKey: null,
      result: null,
      availableAt: 1,
      runnerId,
      worker: '',
      startedAt: item.startedAt,
      fileId: null,
    })),
    c.now,
  )
  for (const gate of await closedGates(c.tx)) {
    if (gate.probe_item_id !== null && moved.has(gate.probe_item_id)) await setProbe(c, gate, null)
  }
  for (const jobId of jobs.keys()) {
    const mine = items.filter((item) => item.jobId === jobId && moved.has(item.id))
    for (const item of mine) {
      c.count(item.stageId, 'running', goesOn(item, jobs, resume) ? 'pending' : 'interrupted')
    }
    if (mine.length === 0) continue
    const payload = { runnerId, count: mine.length, resumed: resume, reason: restartReason }
    c.emit('recovery_requeued', { job: jobId }, payload)
    if (!resume && jobs.get(jobId)?.status === 'running') await moveJob(c, jobId, 'pause_requested')
  }
}

/** A job that is being paused or canceled keeps its interrupted items where they are. */
function goesOn(item: ClaimedItem, jobs: ReadonlyMap<number, Job>, resume: boolean): boolean {
  return resume && jobs.get(item.jobId)?.status === 'running'
}

async function jobsOf(c: Change, items: readonly ClaimedItem[]): Promise<Map<number, Job>> {
  const jobs = new Map<number, Job>()
  for (const id of new Set(items.map((item) => item.jobId))) {
    const row = await jobRow(c.tx, id)
    if (row) jobs.set(id, jobOf(row))
  }
  return jobs
}

function adoption(item: ClaimedItem, row: JournalRow & { mtimeMs?: number }): Prepared {
  const facts = JSON.parse(row.facts_json) as { container: string; durationMs: number | null } // written by journalStaged
  const { part_path: partPath, final_path: path, size, sha256 } = row
  const file = { partPath, path, size, sha256, ...facts }
  return {
    finished: { item, worker: '', outcome: { kind: 'done', product: { kind: 'file', file } }, logs: [] },
    songIds: null,
    published: { journal: row, path, mtimeMs: row.mtimeMs ?? 0 },
  }
}

/** Is the file that the journal speaks of under its final name, whole? Notes when it was last modified. */
async function isVisible(root: string, row: JournalRow & { mtimeMs?: number }): Promise<boolean> {
  const mtimeMs = await mtimeIfSame(path.join(root, ...row.final_path.split('/')), row)
  if (mtimeMs === null) return false
  row.mtimeMs = mtimeMs
  return true
}
