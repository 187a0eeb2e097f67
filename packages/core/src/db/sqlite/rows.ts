import { sql, type RawBuilder } from 'kysely'

/**
 * A list of rows as one bound parameter, usable as a table in FROM. Its statement text is the same for
 * any number of rows, so it is prepared once. Values are numbers, strings and nulls.
 */
export function rowsAs<R extends Record<string, number | string | null>>(
  rows: readonly R[],
  columns: readonly (keyof R & string)[],
): RawBuilder<R> {
  const values = JSON.stringify(rows.map((row) => columns.map((column) => row[column] ?? null)))
  const picks = columns.map(
    (column, i) => sql`json_extract(value, ${sql.lit(`$[${i}]`)}) as ${sql.ref(column)}`,
  )
  return sql<R>`(select ${sql.join(picks)} from json_each(${values}))`
}

/** `column in (…)` with one bound parameter. */
export function idsIn(ids: readonly number[]): RawBuilder<number> {
  return sql<number>`(select value from json_each(${JSON.stringify(ids)}))`
}

/** `column in (…)` with the words in the text: only then can a partial index on them be used. */
export function literals<const T extends string>(words: readonly T[]): RawBuilder<T> {
  return sql<T>`(${sql.join(words.map((word) => sql.lit(word)))})`
}
