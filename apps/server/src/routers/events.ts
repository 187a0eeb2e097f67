import { eventStreamInput, listEventsInput } from '@catalogsync/contract'
import { listEvents } from '@catalogsync/core/reads'
import { subscribed } from '../live/subscribed.ts'
import { streamEvents } from '../live/stream.ts'
import { procedure, router } from '../trpc.ts'

export const eventsRouter = router({
  /** The oldest first, or by `order` the newest. */
  list: procedure('viewer')
    .input(listEventsInput)
    .query(({ ctx, input }) => listEvents(ctx.database.db, input)),

  /** Every event, once, in order; after a lost connection it goes on where it was. */
  stream: procedure('viewer')
    .input(eventStreamInput)
    .subscription(({ ctx, input, signal }) =>
      subscribed(ctx, signal, (reader) => streamEvents(ctx, input, reader)),
    ),
})
