import type { JournalRow } from '../repositories/journal.ts'
import type { Finished } from './slots.ts'

/** An outcome with all that its settle needs and that took file work or long writes to get. */
export interface Prepared {
  finished: Finished
  /** The playlist's songs by id, in order. */
  songIds: number[] | null
  /** The file, visible under its final name. */
  published: { journal: JournalRow; path: string; mtimeMs: number } | null
}
