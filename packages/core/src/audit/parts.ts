import { lstat, opendir } from 'node:fs/promises'
import path from 'node:path'
import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { errnoText, isErrno } from '../library/errno.ts'
import { songIdOfPart } from '../library/file-names.ts'
import type { AuditContext, Check } from './check.ts'
import { whyUnreadable } from './library.ts'
import { anyAlive } from './runners.ts'

/** Every part file of ours belongs to a song whose download has not ended. Other programs' parts are theirs. */
export const parts: Check = async (ctx) => {
  if ((await whyUnreadable(ctx)) !== null) return // the file check says so
  let batch: Part[] = []
  for await (const part of partsBelow(ctx, ctx.settings.libraryDir)) {
    if (batch.push(part) < 500) continue
    await judge(ctx, batch)
    batch = []
  }
  await judge(ctx, batch)
}

interface Part {
  file: string
  songId: number
}

/** Folders that a NAS keeps for itself, and into which nothing is ever downloaded. */
const notOurs = /^(\..*|@eadir|#recycle|#snapshot|@tmp|lost\+found)$/i

async function* partsBelow(ctx: AuditContext, folder: string): AsyncGenerator<Part> {
  const folders: string[] = []
  try {
    for await (const entry of await opendir(folder)) {
      const at = path.join(folder, entry.name)
      const songId = songIdOfPart(entry.name)
      if (entry.isDirectory()) {
        if (!notOurs.test(entry.name)) folders.push(at)
      } else if (songId !== null) yield { file: at, songId }
    }
  } catch (error) {
    if (!isErrno(error)) throw error
    // Folders that are emptied and removed meanwhile have no parts.
    if (error.code === 'ENOENT') return
    ctx.report.notice('parts', `the folder "${folder}" cannot be read: ${errnoText(error)}`, { folder })
  }
  for (const at of folders) {
    ctx.signal.throwIfAborted()
    yield* partsBelow(ctx, at)
  }
}

/** A runner removes what a commit has made useless right after it; this long is more than enough: ms. */
const tidyMs = 10_000

async function judge(ctx: AuditContext, batch: readonly Part[]): Promise<void> {
  if (batch.length === 0) return
  const { database, report, settings } = ctx
  report.checked('parts', batch.length)
  const songs = await downloadsOf(
    database.db,
    batch.map(({ songId }) => songId),
  )
  for (const { file, songId } of batch) {
    const downloads = songs.get(songId)
    if (downloads?.open || !(await exists(file))) continue
    const relative = path.relative(settings.libraryDir, file)
    const facts = { path: relative, song: songId, ended_at: downloads?.ended_at ?? null }
    if (downloads?.ended_at != null && downloads.ended_at > ctx.now() - tidyMs && (await anyAlive(ctx))) {
      report.notice('parts', `"${relative}" is left over from a download that has just ended`, facts)
    } else {
      report.violation('parts', `"${relative}" is left over: no download of song ${songId} is open`, facts)
    }
  }
}

interface Downloads {
  /** An item of a job that is not canceled may go on with the bytes. A held one waits for its release. */
  open: boolean
  /** When something last ended that had to do with them. */
  ended_at: number | null
}

async function downloadsOf(db: Queries, songIds: readonly number[]): Promise<Map<number, Downloads>> {
  // Items are found by their key in each job's stage: there is no index on songs, and there are few jobs.
  const { rows } = await sql<{ song: number; open: 0 | 1; ended_at: number | null }>`
    select s.value as song,
      max(i.status in ('pending', 'running', 'interrupted', 'held') and j.status not in ('canceled', 'failed')) as open,
      max(coalesce(max(i.ended_at, j.ended_at), i.ended_at, j.ended_at)) as ended_at
    from json_each(${JSON.stringify(songIds)}) s
    join job_stages t on t.stage_type = 'download'
    join job_items i on i.job_stage_id = t.id and i.item_key = 'song:' || s.value
    join job_runs j on j.id = i.job_run_id
    group by s.value`.execute(db)
  return new Map(rows.map(({ song, open, ended_at }) => [song, { open: open === 1, ended_at }]))
}

const exists = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  )
