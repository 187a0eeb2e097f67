import { pathKey } from '../library/file-names.ts'
import type { FileRow } from '../repositories/files.ts'
import { pages, type AuditContext, type Check } from './check.ts'
import { whyUnreadable } from './library.ts'
import { judgeOnDisk } from './on-disk.ts'

/** Files looked at side by side: a disk sorts looks at its folders well, and whole files badly. */
const lanes = { none: 16, sample: 8, all: 2 } satisfies Record<AuditContext['bytes'], number>

/** Every library file that a row promises lies there as the row says. Strangers' files are nobody's business. */
export const files: Check = async (ctx) => {
  await judgeSongs(ctx)
  const sampled = await sampler(ctx)
  const atOnce = lanes[ctx.bytes]
  let away = await whyUnreadable(ctx)
  const { db } = ctx.database
  const read = (after: number) =>
    db
      .selectFrom('file_locations')
      .selectAll()
      .where('kind', '=', 'local')
      .where('id', '>', after)
      .orderBy('id')
      .limit(500)
      .execute()
  for await (const page of pages(ctx.signal, read)) {
    ctx.report.checked('files', page.length)
    for (const row of page) judgeRow(ctx, row)
    for (let i = 0; i < page.length && away === null; i += atOnce) {
      ctx.signal.throwIfAborted()
      const some = page.slice(i, i + atOnce)
      const answers = await Promise.all(some.map((row) => judgeOnDisk(ctx, row, sampled())))
      away = answers.find((answer) => answer !== null) ?? null
    }
  }
  if (away !== null) {
    ctx.report.notice('library', `the files of the library cannot be checked: ${away}`, {
      libraryDir: ctx.settings.libraryDir,
    })
  }
}

/** Each song's file is a library file. */
async function judgeSongs({ database, report }: AuditContext): Promise<void> {
  const strays = await database.db
    .selectFrom('songs')
    .leftJoin('file_locations as file', 'file.id', 'songs.file_location_id')
    .select(['songs.id', 'songs.file_location_id', 'file.kind'])
    .where('songs.file_location_id', 'is not', null)
    .where((eb) => eb.or([eb('file.id', 'is', null), eb('file.kind', '<>', 'local')]))
    .limit(1_000)
    .execute()
  for (const { id, file_location_id, kind } of strays) {
    const what = kind === null ? 'does not exist' : 'is not in the library'
    report.violation('songs', `the file ${file_location_id} of song ${id} ${what}`, {
      song: id,
      file: file_location_id,
    })
  }
}

function judgeRow({ report }: AuditContext, { id, path, path_key, sha256 }: FileRow): void {
  if (path_key !== pathKey(path)) {
    report.violation('paths', `file ${id} is kept under another key than its path "${path}" has`, {
      file: id,
      path,
      path_key,
    })
  }
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    report.violation('paths', `the hash of file ${id} is none: "${sha256}"`, { file: id, path, sha256 })
  }
}

/** Of a sample: one file in a hundred, at least this many. */
const leastHashed = 20

/** Which files are read as a whole: every so many-th, from another start each time. */
async function sampler({ database, bytes }: AuditContext): Promise<() => boolean> {
  if (bytes !== 'sample') return () => bytes === 'all'
  const { n } = await database.db
    .selectFrom('file_locations')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('kind', '=', 'local')
    .executeTakeFirstOrThrow()
  const step = Math.max(1, Math.floor(n / Math.max(leastHashed, Math.ceil(n / 100))))
  let at = Math.floor(Math.random() * step)
  return () => at++ % step === step - 1
}
