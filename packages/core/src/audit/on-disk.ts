import { stat } from 'node:fs/promises'
import { AppError } from '@catalogsync/contract'
import { errnoText, isErrno } from '../library/errno.ts'
import { insideRoot } from '../library/safe-path.ts'
import type { FileRow } from '../repositories/files.ts'
import type { AuditContext } from './check.ts'
import { sha256OfFile } from './hash.ts'
import { whyUnreadable } from './library.ts'

/**
 * Judges one library file against its row, and again against the row as it is by then if they disagree.
 * @param hashed read the whole file
 * @returns why no further file can be judged: the library has gone away meanwhile
 */
export async function judgeOnDisk(
  ctx: AuditContext,
  first: FileRow,
  hashed: boolean,
): Promise<string | null> {
  let row: FileRow | undefined = first
  // Each publication changes the row, so a file that keeps being replaced ends this loop at some time.
  for (let looks = 0; looks < 5; looks++) {
    const problem = await problemOf(ctx, row, hashed)
    if (!problem) return null
    const now = await lookAgain(ctx, row.id)
    if (!now.row || now.publishing) return null
    if (
      now.row.verified_at === row.verified_at &&
      now.row.sha256 === row.sha256 &&
      now.row.path === row.path
    ) {
      const away = problem.gone ? await whyUnreadable(ctx) : null
      if (away !== null) return away
      const facts = { file: row.id, path: row.path, ...problem.facts }
      ctx.report[problem.severity]('files', `library file "${row.path}": ${problem.message}`, facts)
      return null
    }
    row = now.row
  }
  ctx.report.notice('files', `library file "${first.path}" keeps changing and was not judged`, {
    file: first.id,
  })
  return null
}

interface Problem {
  severity: 'violation' | 'notice'
  message: string
  facts?: Record<string, unknown>
  /** It may be that the whole library has just gone away. */
  gone?: boolean
}

/**
 * The row, and whether somebody is just giving its path a new file: that is journalled from before the
 * rename to the commit that changes the row, so with neither there has been no change.
 */
function lookAgain({ database }: AuditContext, id: number) {
  return database.snapshot(async (db) => {
    const row = await db.selectFrom('file_locations').selectAll().where('id', '=', id).executeTakeFirst()
    const publishing = await db
      .selectFrom('publish_journal')
      .select('job_item_id')
      .where('path_key', '=', row?.path_key ?? '')
      .executeTakeFirst()
    return { row, publishing: publishing !== undefined }
  })
}

/** Times of SMB and FAT are kept to two seconds. */
const timeTolerance = 2_000

async function problemOf(ctx: AuditContext, row: FileRow, hashed: boolean): Promise<Problem | null> {
  try {
    const file = await insideRoot(ctx.settings.libraryDir, row.path)
    const found = await stat(file)
    const { size, mtimeMs } = found
    if (!found.isFile()) return { severity: 'violation', message: 'it is not a file any more' }
    if (size !== row.size) {
      return {
        severity: 'violation',
        message: `${row.size} bytes were published, it has ${size}`,
        facts: { size },
      }
    }
    if (hashed) {
      ctx.report.checked('files_hashed')
      const sha256 = await sha256OfFile(file, ctx.signal)
      if (sha256 === row.sha256) return null
      return {
        severity: 'violation',
        message: 'its bytes are not those that were published',
        facts: { sha256 },
      }
    }
    if (row.mtime_ms === null || Math.abs(mtimeMs - row.mtime_ms) <= timeTolerance) return null
    const facts = { mtimeMs, published: row.mtime_ms }
    return {
      severity: 'notice',
      message: 'somebody has touched it since it was published; its size is right',
      facts,
    }
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (error instanceof AppError) return { severity: 'violation', message: error.message }
    if (!isErrno(error)) throw error
    const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR'
    const message = missing ? 'it is missing' : `it cannot be read: ${errnoText(error)}`
    return { severity: 'violation', message, facts: { code: error.code }, gone: true }
  }
}
