import type { Queries } from '../db/open.ts'

/** The id of the library that this database describes; set once, when the library is first seen. */
export async function libraryId(db: Queries): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', 'library_id').executeTakeFirst()
  return row?.value ?? null
}

export async function setLibraryId(db: Queries, id: string): Promise<void> {
  await db
    .insertInto('meta')
    .values({ key: 'library_id', value: id })
    .onConflict((oc) => oc.doNothing()) // another runner has seen it first
    .execute()
}
