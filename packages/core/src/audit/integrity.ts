import { sql } from 'kysely'
import type { Check } from './check.ts'

/** Lines that the engine may say about a damaged file. */
const maxLines = 100

/**
 * The database file itself: pages, indexes, references, and the journal mode that durability rests on.
 * A connection that can only read does not know the tables' CHECKs (SQLite leaves them out as it parses
 * the schema), so the other checks look at states and end times by themselves.
 */
export const integrity: Check = async ({ database: { db }, report }) => {
  const lines = await sql<{ integrity_check: string }>`pragma integrity_check(${sql.lit(maxLines)})`.execute(
    db,
  )
  for (const { integrity_check: line } of lines.rows) {
    if (line !== 'ok') report.violation('integrity', `the database file is damaged: ${line}`)
  }
  const strays = await sql<{ table: string; rowid: number | null; parent: string }>`
    pragma foreign_key_check`.execute(db)
  for (const { table, rowid, parent } of strays.rows) {
    const message = `row ${rowid ?? '?'} of ${table} refers to a row of ${parent} that does not exist`
    report.violation('foreign_keys', message, { table, row: rowid, parent })
  }
  const mode = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(db)
  const found = mode.rows[0]?.journal_mode
  if (found !== 'wal') {
    report.violation('integrity', `the database is in journal mode ${found ?? '?'} instead of wal`, {
      mode: found,
    })
  }
  report.checked('integrity')
}
