import { AppError } from '@catalogsync/contract'
import { sql, type Kysely } from 'kysely'
import { Migrator, type Migration } from 'kysely/migration'
import { first } from './migrations/0001-first.ts'
import type { Tables } from './tables.ts'

/** Every step of the schema, in order. Forward only: a step that has been merged is never edited. */
export const migrations: Record<string, Migration> = {
  '0001-first': first,
}

const table = 'schema_migrations'

/** Brings the schema up to date, all steps or none. */
export async function migrate(db: Kysely<Tables>, path: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableName: table,
    migrationLockTableName: 'schema_migrations_lock',
  })
  const { error, results } = await migrator.migrateToLatest()
  if (error) {
    const step = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first step'
    const cause = `its schema could not be brought up to date (${step}): ${error instanceof Error ? error.message : JSON.stringify(error)}`
    throw new AppError('database_unusable', { path, cause }, { cause: error })
  }
}

/** An older program must not touch what it does not understand. */
export async function refuseNewer(db: Kysely<Tables>, path: string): Promise<void> {
  const known = Object.keys(migrations)
  const exists = await sql`select 1 from sqlite_schema where type = 'table' and name = ${table}`.execute(db)
  if (exists.rows.length === 0) return
  const applied = await sql<{ name: string }>`select name from ${sql.table(table)} order by name`.execute(db)
  const strange = applied.rows.filter((row) => !known.includes(row.name)).at(-1)
  if (strange) throw new AppError('database_newer', { path, found: strange.name, known: known.at(-1) ?? '' })
}
