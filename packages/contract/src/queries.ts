import * as z from 'zod/mini'
import { itemStatuses, jobStatuses } from './states.ts'
import { logLevels, stageTypes } from './words.ts'

/** What lists can be asked for. Cursors are the `next` of the page before. */

export const rowId = z.int().check(z.positive())
const name = z.string().check(z.minLength(1), z.maxLength(64))
const cursor = z.nullish(z.int().check(z.gte(0)))
const limit = (most: number) => z.optional(z.int().check(z.gte(1), z.lte(most)))
const search = z.optional(z.string().check(z.maxLength(200)))

export const byId = z.strictObject({ id: rowId })

export const listJobsInput = z.strictObject({
  status: z.optional(z.enum(jobStatuses)),
  before: cursor,
  limit: limit(200),
})

export const commandsOfJobInput = z.strictObject({ jobId: rowId })

export const listItemsInput = z.strictObject({
  jobId: rowId,
  status: z.optional(z.enum(itemStatuses)),
  stage: z.optional(z.enum(stageTypes)),
  after: cursor,
  limit: limit(500),
})

export const listPlaylistsInput = z.strictObject({
  poolId: z.optional(rowId),
  source: z.optional(name),
  search,
  after: cursor,
  limit: limit(500),
})
export type ListPlaylists = z.output<typeof listPlaylistsInput>

export const playlistSongsInput = z.strictObject({ id: rowId, after: cursor, limit: limit(500) })

export const songStates = ['all', 'here', 'missing'] as const
export type SongState = (typeof songStates)[number]

export const listSongsInput = z.strictObject({
  search,
  state: z.optional(z.enum(songStates)),
  source: z.optional(name),
  after: cursor,
  limit: limit(500),
})
export type ListSongs = z.output<typeof listSongsInput>

export const listLogsInput = z.strictObject({
  jobId: z.optional(rowId),
  itemId: z.optional(rowId),
  /** This level and the graver ones. */
  level: z.optional(z.enum(logLevels)),
  before: cursor,
  limit: limit(500),
})
export type ListLogs = z.output<typeof listLogsInput>

export const listEventsInput = z.strictObject({
  jobId: z.optional(rowId),
  /** `oldest` (what is not said) goes on with `after`, `newest` with `before`. */
  order: z.optional(z.enum(['oldest', 'newest'])),
  after: cursor,
  before: cursor,
  limit: limit(1000),
})
export type ListEvents = z.output<typeof listEventsInput>

/** `lastEventId` is `<epoch>.<id>`: the client fills it in when it comes back after a lost connection. */
export const eventStreamInput = z.optional(
  z.strictObject({
    jobId: z.optional(rowId),
    lastEventId: z.nullish(z.string().check(z.maxLength(100))),
  }),
)
