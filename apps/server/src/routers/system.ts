import { systemInfo } from '../system-info.ts'
import { procedure, router } from '../trpc.ts'

export const systemRouter = router({
  info: procedure('viewer').query(({ ctx }) => systemInfo(ctx)),
})
