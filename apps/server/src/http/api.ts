import type { IncomingMessage, RequestListener } from 'node:http'
import { createHTTPHandler } from '@trpc/server/adapters/standalone'
import { AppError } from '@catalogsync/contract'
import type { Access, Session } from '../access/access.ts'
import type { Context } from '../context.ts'
import { isAppError } from '../errors.ts'
import { appRouter } from '../router.ts'
import { admit } from './guard.ts'
import { pathOf, refuse, refuseAs, safeHeaders, send } from './reply.ts'

export const limits = { bodyBytes: 1_048_576, batch: 20 }

export interface ApiOptions {
  context: Omit<Context, 'session' | 'socket'>
  access: Access
  proxied: readonly string[]
  log: (line: string) => void
}

/** /trpc/…: calls, singly or in batches. Who may not call is refused before a byte of the body is read. */
export function createApi({ context, access, proxied, log }: ApiOptions): RequestListener {
  const sessions = new WeakMap<IncomingMessage, Session>()
  const handler = createHTTPHandler({
    router: appRouter,
    basePath: '/trpc/',
    maxBodySize: limits.bodyBytes,
    maxBatchSize: limits.batch,
    createContext: ({ req }) => {
      const session = sessions.get(req)
      if (!session) throw new AppError('not_signed_in', {})
      return { ...context, session, socket: null }
    },
    onError: ({ error, path }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR') log(`${path ?? 'trpc'}: ${String(error.cause ?? error)}`)
    },
  })
  return (request, response) => {
    void answer().catch((error: unknown) => {
      if (isAppError(error)) send(request, response, refuseAs(error))
      else {
        log(`trpc: ${String(error)}`)
        send(request, response, refuseAs(new AppError('internal', { what: 'the request' })))
      }
    })

    async function answer(): Promise<void> {
      if (request.method !== 'GET' && request.method !== 'POST') {
        send(request, response, refuse(405, 'method_not_allowed', { allow: 'GET, POST' }))
        return
      }
      const session = await admit(request, access, proxied)
      if (namesSubscription(pathOf(request.url))) {
        // Over HTTP a reader who does not read could not be told from one who does.
        send(request, response, refuse(405, 'subscriptions_go_over_websocket'))
        return
      }
      if (request.method === 'POST') await access.noteAct(session)
      sessions.set(request, session)
      for (const [name, value] of Object.entries(safeHeaders)) response.setHeader(name, value)
      handler(request, response)
    }
  }
}

const subscriptions = new Set(
  Object.entries(appRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>) // tRPC keeps them flat, by path
    .filter(([, { _def }]) => _def.type === 'subscription')
    .map(([path]) => path),
)

function namesSubscription(path: string): boolean {
  return path
    .slice('/trpc/'.length)
    .split(',')
    .some((name) => subscriptions.has(name))
}
