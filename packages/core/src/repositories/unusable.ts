import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'

/** Lines of playlists that named nothing that can be had, and in how many playlists they stand. */
export interface UnusableLines {
  lines: number
  playlists: number
}

/** What a job met of them, when it last synced each of its playlists. */
export async function unusableLines(db: Queries, jobId: number): Promise<UnusableLines> {
  const { rows } = await sql<UnusableLines>`select coalesce(sum(n), 0) as lines, count(*) as playlists from (
      select json_extract(i.result_json, '$.unavailable_count') as n from job_items i
      join job_stages t on t.id = i.job_stage_id
      where t.job_run_id = ${jobId} and t.stage_type = 'sync' and i.result_json is not null)
    where n > 0`.execute(db)
  return rows[0] ?? { lines: 0, playlists: 0 }
}
