import { initTRPC, TRPCError } from '@trpc/server'
import { AppError, mayAct, type Role } from '@catalogsync/contract'
import type { Context } from './context.ts'
import { describeError, isAppError, trpcCodes } from './errors.ts'

const t = initTRPC
  .context<Context>()
  .meta<{ role: Role }>()
  .create({
    isDev: false, // no stack traces
    errorFormatter: ({ shape, error, path }) => {
      const { code, facts, message } = describeError(error, path)
      return {
        code: shape.code,
        message,
        data: { ...shape.data, stack: undefined, appCode: code, facts },
      }
    },
  })

export const router = t.router

/** Every procedure says who may call it: there is no other way to make one. */
export function procedure(role: Role) {
  return t.procedure.meta({ role }).use(async ({ ctx, path, type, next }) => {
    if (!mayAct(ctx.session.role, role)) {
      throw new TRPCError({ code: 'FORBIDDEN', cause: new AppError('role_needed', { role, path }) })
    }
    // A socket cut in mid-call leaves a caller who cannot know whether it happened; HTTP has no stream that can be cut.
    if ((type === 'subscription') !== (ctx.socket !== null)) {
      throw new TRPCError({
        code: 'METHOD_NOT_SUPPORTED',
        message: 'Calls go over HTTP, subscriptions over WebSocket.',
      })
    }
    const result = await next()
    if (!result.ok && isAppError(result.error.cause)) {
      const { cause } = result.error
      throw new TRPCError({ code: trpcCodes[cause.code], message: cause.message, cause })
    }
    return result
  })
}
