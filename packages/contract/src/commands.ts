import * as z from 'zod/mini'
import { jobTypes, scopeModes } from './words.ts'

const id = z.int().check(z.positive())
const name = z.string().check(z.minLength(1), z.maxLength(64))
const idempotencyKey = z.optional(z.string().check(z.minLength(1), z.maxLength(200)))

/** What a job is about. Empty lists mean "all that there are". */
export const jobScope = z.strictObject({
  playlists: z._default(z.array(id).check(z.maxLength(10_000)), []),
  songs: z._default(z.array(id).check(z.maxLength(10_000)), []),
  mode: z._default(z.enum(scopeModes), 'missing'),
})
export type JobScope = z.output<typeof jobScope>

export const startJobInput = z.strictObject({
  jobType: z.enum(jobTypes),
  /** Source ids to collect and sync from; empty: every configured source. */
  sources: z._default(z.array(name).check(z.maxLength(100)), []),
  /** Sources to download from, most wanted first; empty: DOWNLOAD_SOURCES. */
  downloadSources: z._default(z.array(name).check(z.maxLength(100)), []),
  /** Backends to upload to; empty: every configured backend. */
  backends: z._default(z.array(name).check(z.maxLength(100)), []),
  scope: z._default(jobScope, { playlists: [], songs: [], mode: 'missing' }),
  priority: z._default(z.int().check(z.gte(-100), z.lte(100)), 0),
  idempotencyKey,
})
export type StartJobInput = z.input<typeof startJobInput>
export type StartJob = z.output<typeof startJobInput>

const ofJob = { jobRunId: id, idempotencyKey }
const ofItem = { ...ofJob, targetItemId: id }

/** What a person can ask of an existing job or item. A command is a durable row that a runner applies. */
export const commandInput = z.discriminatedUnion('type', [
  /** `now`: abort what runs instead of letting it finish; nothing is lost, partial bytes stay. */
  z.strictObject({ type: z.literal('pause'), ...ofJob, now: z._default(z.boolean(), false) }),
  z.strictObject({ type: z.literal('resume'), ...ofJob }),
  z.strictObject({ type: z.literal('cancel'), ...ofJob }),
  z.strictObject({ type: z.literal('retry_item'), ...ofItem }),
  z.strictObject({ type: z.literal('force_retry_item'), ...ofItem }),
  /** Parks an item that waits or has failed: the job does not wait for it. */
  z.strictObject({ type: z.literal('hold_item'), ...ofItem }),
  z.strictObject({ type: z.literal('release_item'), ...ofItem }),
])
export type CommandInput = z.input<typeof commandInput>
export type Command = z.output<typeof commandInput>
