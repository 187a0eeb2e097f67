import type { Page } from '@catalogsync/contract'

/** A page of keyset-paged rows: a full one may have a next. */
export function pageOf<T>(rows: T[], limit: number, key: (row: T) => number): Page<T> {
  const last = rows.at(-1)
  return { rows, next: rows.length === limit && last !== undefined ? key(last) : null }
}
