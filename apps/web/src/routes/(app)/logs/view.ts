import type { CatalogEvent } from '@catalogsync/contract'

/**
 * The newest-first list with one more event on top. The stream and the list that was read may overlap: an event
 * that is there already is not told twice.
 */
export function withEvent(
  rows: CatalogEvent[],
  event: CatalogEvent,
  jobId: number | undefined,
): CatalogEvent[] {
  if (jobId !== undefined && event.jobRunId !== jobId) return rows
  const newest = rows[0]
  if (newest === undefined || event.id > newest.id) return [event, ...rows]
  return rows
}
