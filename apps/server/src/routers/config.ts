import { listPlaces } from '@catalogsync/core/reads'
import { configView } from '../config-view.ts'
import { procedure, router } from '../trpc.ts'

export const configRouter = router({
  /** The settings in effect, without secrets. */
  show: procedure('viewer').query(({ ctx }) => configView(ctx.loadSettings())),

  /** Sources and backends, and how they are. */
  places: procedure('viewer').query(({ ctx }) => listPlaces(ctx.database.db, ctx.loadSettings().settings)),
})
