import { stagesOf, type JobPreview } from '@catalogsync/contract'
import { sql, type RawBuilder } from 'kysely'
import type { Queries } from '../db/open.ts'
import { idsIn } from '../db/sqlite/rows.ts'
import type { Job } from './jobs.ts'

/** Where counting ends, so that a preview costs the same for every catalog. */
const most = 10_000

/** What a job would find to do now. */
export async function previewJob(
  db: Queries,
  job: Pick<Job, 'jobType' | 'sources' | 'backends' | 'scope'>,
): Promise<JobPreview> {
  const stages: readonly string[] = stagesOf[job.jobType]
  const playlists = await countUpTo(
    db,
    sql`select 1 from playlists p where p.source_id in ${names(job.sources)}
      and ${inScope(sql`p.id`, job.scope.playlists)}`,
  )
  const { here, missing } = await countSongs(db, job)
  const downloads = stages.includes('download')
  const toFetch = !downloads ? 0 : job.scope.mode === 'all' ? here + missing : missing
  const uploads = stages.includes('upload') ? await countUploads(db, job) : 0
  const toUpload = stages.includes('upload') ? uploads + toFetch * job.backends.length : 0
  const counts = { playlists, songs: here + missing, alreadyHere: here, toFetch, toUpload }
  return {
    ...capAll(counts),
    capped:
      [playlists, here, missing, uploads].some((n) => n > most) ||
      Object.values(counts).some((n) => n > most),
  }
}

type Scoped = Pick<Job, 'jobType' | 'sources' | 'backends' | 'scope'>

// Without a scope both numbers are a walk along one index each; with one, along the playlists' entries.
async function countSongs(db: Queries, job: Scoped): Promise<{ here: number; missing: number }> {
  const { playlists, songs } = job.scope
  const count = (state: RawBuilder<unknown>) => {
    if (playlists.length === 0) {
      return countUpTo(
        db,
        sql`select 1 from songs s where s.source_id in ${names(job.sources)} and ${state} and ${inScope(sql`s.id`, songs)}`,
      )
    }
    return countUpTo(
      db,
      sql`select distinct ps.song_id from (
          select song_id from playlist_songs where playlist_id in ${idsIn(playlists)} limit ${most * 10}) ps
        join songs s on s.id = ps.song_id
        where s.source_id in ${names(job.sources)} and ${state} and ${inScope(sql`s.id`, songs)}`,
    )
  }
  return {
    here: await count(sql`s.file_location_id is not null`),
    missing: await count(sql`s.file_location_id is null`),
  }
}

// Looks at the latest files only: those without their copy are among them, if any are.
async function countUploads(db: Queries, job: Scoped): Promise<number> {
  const { playlists, songs, mode } = job.scope
  const scoped =
    playlists.length === 0 && songs.length === 0
      ? sql`select f.id, f.sha256, f.path_key from file_locations f where f.kind = 'local' order by f.id desc limit ${most + 1}`
      : sql`select distinct f.id, f.sha256, f.path_key from file_locations f join songs s on s.file_location_id = f.id
          where ${inScope(sql`s.id`, songs)} and ${
            playlists.length === 0
              ? sql`true`
              : sql`s.id in (select song_id from playlist_songs where playlist_id in ${idsIn(playlists)} limit ${most * 10})`
          } limit ${most + 1}`
  const notThere =
    mode === 'all'
      ? sql`true`
      : sql`not exists (select 1 from file_locations o
          where o.of_file_id = f.id and o.backend_id = b.value and o.sha256 = f.sha256
            and o.path_key = f.path_key)`
  return countUpTo(
    db,
    sql`select 1 from (${scoped}) f, json_each(${JSON.stringify(job.backends)}) b where ${notThere}`,
  )
}

/** At most one more than `most`. */
async function countUpTo(db: Queries, rows: RawBuilder<unknown>): Promise<number> {
  const counted = await sql<{ n: number }>`select count(*) as n from (${rows} limit ${most + 1})`.execute(db)
  return counted.rows[0]?.n ?? 0
}

/** How many songs are in the library and how many are not, each up to the bound. */
export async function countLibrary(db: Queries): Promise<{ here: number; missing: number; capped: boolean }> {
  const sources = (await db.selectFrom('sources').select('id').execute()).map(({ id }) => id)
  const { here, missing } = await countSongs(db, {
    jobType: 'full',
    sources,
    backends: [],
    scope: { playlists: [], songs: [], mode: 'all' },
  })
  return { ...capAll({ here, missing }), capped: here > most || missing > most }
}

function capAll<T extends Record<string, number>>(counts: T): T {
  return Object.fromEntries(Object.entries(counts).map(([key, n]) => [key, Math.min(n, most)])) as T // the same keys
}

const names = (list: readonly string[]) => sql<string>`(select value from json_each(${JSON.stringify(list)}))`

function inScope(column: RawBuilder<unknown>, ids: readonly number[]): RawBuilder<unknown> {
  return ids.length === 0 ? sql`true` : sql`${column} in ${idsIn(ids)}`
}
