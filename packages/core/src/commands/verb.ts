import type { Change } from '../repositories/change.ts'
import type { CommandRow } from '../repositories/commands.ts'
import type { JobRow } from '../repositories/jobs.ts'

/** What became of a wish. A refusal is a normal end, with its reason. */
export type VerbEnd = { status: 'applied'; reason?: string } | { status: 'rejected'; reason: string }

/** One verb a person can ask for: it checks, and writes what follows, inside the runner's transaction. */
export type Verb = (c: Change, command: CommandRow, job: JobRow) => Promise<VerbEnd>

export const applied = (reason?: string): VerbEnd =>
  reason === undefined ? { status: 'applied' } : { status: 'applied', reason }

export const rejected = (reason: string): VerbEnd => ({ status: 'rejected', reason })
