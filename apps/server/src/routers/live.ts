import { liveSummary } from '../live/summary.ts'
import { subscribed } from '../live/subscribed.ts'
import { procedure, router } from '../trpc.ts'

export const liveRouter = router({
  /** How things stand, whole, at most four times a second; a heartbeat every 2 s says that it still holds. */
  summary: procedure('viewer').subscription(({ ctx, signal }) =>
    subscribed(ctx, signal, (reader) => liveSummary(ctx, reader)),
  ),
})
