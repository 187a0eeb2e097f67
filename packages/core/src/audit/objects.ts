import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'
import { idsIn } from '../db/sqlite/rows.ts'
import { PortError, type StorageBackend } from '../ports/index.ts'
import { pages, type AuditContext, type Check } from './check.ts'
import { sha256Of } from './hash.ts'

/** Every object that a row promises is a copy of a library file and, where a backend can be asked, is there. */
export const objects: Check = async (ctx) => {
  const unasked = new Map<string, { n: number; why: string }>()
  const read = (after: number) => objectsAfter(ctx.database.db, after)
  for await (const page of pages(ctx.signal, read)) {
    ctx.report.checked('objects', page.length)
    for (const row of page) {
      ctx.signal.throwIfAborted()
      judgeRow(ctx, row)
      await judgeStored(ctx, row, unasked)
    }
  }
  for (const [backend, { n, why }] of unasked) {
    ctx.report.notice('objects', `${n} objects in "${backend}" were not asked for: ${why}`, { backend, n })
  }
}

type ObjectRow = Awaited<ReturnType<typeof objectsAfter>>[number]

async function objectsAfter(db: Queries, after: number, only: readonly number[] | null = null) {
  const { rows } = await sql<{
    id: number
    backend: string
    path: string
    size: number
    sha256: string
    moved: 0 | 1
    verified_at: number
    file: number | null
    file_kind: string | null
    file_sha256: string | null
    file_verified_at: number | null
    uploading: 0 | 1
    current: 0 | 1
  }>`
    select o.id, o.backend_id as backend, o.path, o.size, o.sha256, o.verified_at, o.of_file_id as file,
      o.path_key <> f.path_key as moved,
      f.kind as file_kind, f.sha256 as file_sha256, f.verified_at as file_verified_at,
      exists (select 1 from job_stages t
        join job_items i on i.job_stage_id = t.id and i.item_key = 'file:' || o.of_file_id || '@' || o.backend_id
        join job_runs j on j.id = i.job_run_id
        where t.stage_type = 'upload' and i.status in ('pending', 'running', 'interrupted')
          and j.status not in ('canceled', 'failed')) as uploading,
      exists (select 1 from file_locations c where c.of_file_id = o.of_file_id and c.backend_id = o.backend_id
        and c.sha256 = f.sha256) as current
    from file_locations o left join file_locations f on f.id = o.of_file_id
    where o.kind = 'object' and o.id > ${after} ${only ? sql`and o.id in ${idsIn(only)}` : sql``}
    order by o.id limit 500`.execute(db)
  return rows
}

const named = ({ backend, path }: ObjectRow): string => `object "${path}" in "${backend}"`

function judgeRow({ report }: AuditContext, row: ObjectRow): void {
  const facts = { object: row.id, backend: row.backend, path: row.path, file: row.file }
  if (row.file === null || row.file_kind !== 'local') {
    report.violation('objects', `${named(row)} is a copy of no library file`, facts)
  } else if (row.moved && (row.sha256 === row.file_sha256 || row.current)) {
    // The file has another name now; what lies under the old one is nobody's to remove.
    report.notice('objects', `${named(row)} is an older copy under another key`, facts)
  } else if (row.sha256 !== row.file_sha256) {
    if (row.current)
      return report.notice('objects', `${named(row)} is an older copy, beside the present one`, facts)
    if (row.uploading)
      return report.notice('objects', `${named(row)} is an older copy; its upload is open`, facts)
    if (row.verified_at < (row.file_verified_at ?? 0)) {
      // The file was made anew by a job that uploads nothing.
      return report.notice(
        'objects',
        `${named(row)} is an older copy; no upload of the new file was asked for`,
        facts,
      )
    }
    report.violation('objects', `${named(row)} was stored with other bytes than its library file has`, facts)
  }
}

async function judgeStored(
  ctx: AuditContext,
  first: ObjectRow,
  unasked: Map<string, { n: number; why: string }>,
): Promise<void> {
  if (!ctx.backends) return
  const skip = (why: string): void => {
    unasked.set(first.backend, { n: (unasked.get(first.backend)?.n ?? 0) + 1, why })
  }
  const backend = ctx.backends(first.backend)
  if (!backend) return skip('the backend is not configured')
  try {
    const problem = await problemOf(ctx, backend, first)
    if (problem === null) return
    const [now] = await objectsAfter(ctx.database.db, first.id - 1, [first.id])
    // While it is uploaded anew, the store may be ahead of the row.
    if (!now || now.uploading) return skip('they are being uploaded')
    const again = await problemOf(ctx, backend, now)
    const facts = { object: now.id, backend: now.backend, path: now.path }
    if (again !== null) ctx.report.violation('objects', `${named(now)}: ${again}`, facts)
  } catch (error) {
    ctx.signal.throwIfAborted()
    if (!(error instanceof PortError)) throw error
    skip(error.message)
  }
}

async function problemOf(ctx: AuditContext, backend: StorageBackend, row: ObjectRow): Promise<string | null> {
  const call = { signal: ctx.signal, log: () => undefined }
  const stored = await backend.head(row.path, call)
  ctx.report.checked('objects_asked')
  if (stored === null) return 'the backend does not have it'
  if (stored.size !== row.size) return `${row.size} bytes were stored, the backend has ${stored.size}`
  if (stored.sha256 !== null && stored.sha256 !== row.sha256) return 'the backend has other bytes'
  if (ctx.bytes !== 'all') return null
  ctx.report.checked('objects_hashed')
  const sha256 = await sha256Of(await backend.get(row.path, call))
  return sha256 === row.sha256 ? null : 'the backend has other bytes'
}
