import { sql } from 'kysely'
import type { Queries } from '../db/open.ts'

/** Which of these ids no playlist, or no song, has; in the order in which they were given. */
export async function unknownIds(
  db: Queries,
  table: 'playlists' | 'songs',
  ids: readonly number[],
): Promise<number[]> {
  if (ids.length === 0) return []
  const { rows } = await sql<{
    id: number
  }>`select given.value as id from json_each(${JSON.stringify(ids)}) given
    where not exists (select 1 from ${sql.table(table)} known where known.id = given.value)
    order by given.key`.execute(db)
  return rows.map((row) => row.id)
}
