import { STATUS_CODES, type IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { applyWSSHandler } from '@trpc/server/adapters/ws'
import { AppError } from '@catalogsync/contract'
import { WebSocketServer, type WebSocket } from 'ws'
import type { Session } from './access/access.ts'
import type { ReaderSocket, SocketLimits } from './live/reader-socket.ts'
import { isAppError } from './errors.ts'
import type { ApiOptions } from './http/api.ts'
import { admit } from './http/guard.ts'
import { pathOf, refuse, refuseAs, type Reply } from './http/reply.ts'
import { appRouter } from './router.ts'

export interface SocketOptions extends ApiOptions {
  limits: SocketLimits
}

export interface Sockets {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Closes the sockets of a session that is over. */
  closeOf(sessionKey: string): void
  close(): void
}

const maxFrame = 256 * 1024
const perSession = 20
const signedOut = 4401

/** The WebSocket at /trpc, for subscriptions. Whoever may not have one is refused before the upgrade. */
export function createSockets({ context, access, proxied, log, limits }: SocketOptions): Sockets {
  const wss = new WebSocketServer({ noServer: true, maxPayload: maxFrame, perMessageDeflate: false })
  const sessions = new WeakMap<IncomingMessage, Session>()
  const bySession = new Map<string, Set<WebSocket>>()

  wss.on('connection', (ws, request) => {
    ws.on('error', () => ws.terminate()) // a broken frame ends its own socket and nothing else
    // Whoever sends and does not read makes us hold the answers.
    ws.on('message', () => {
      if (ws.bufferedAmount > limits.buffered * 2) ws.terminate()
    })
    const key = sessions.get(request)?.key ?? ''
    ws.on('close', () => {
      bySession.get(key)?.delete(ws)
      if (bySession.get(key)?.size === 0) bySession.delete(key)
    })
  })
  applyWSSHandler({
    wss,
    router: appRouter,
    // A page that comes back asks for all its subscriptions in one frame.
    maxBatchSize: limits.subscriptions * 2,
    keepAlive: { enabled: true, pingMs: 30_000, pongWaitMs: 5_000 },
    createContext: ({ req, res }) => {
      const session = sessions.get(req)
      if (!session) throw new AppError('not_signed_in', {})
      const socket: ReaderSocket = { ws: res, subscriptions: 0, limits }
      return { ...context, session, socket }
    },
    onError: ({ error, path }) => {
      if (error.code === 'INTERNAL_SERVER_ERROR') log(`${path ?? 'socket'}: ${String(error.cause ?? error)}`)
    },
  })

  async function admitted(request: IncomingMessage): Promise<Session> {
    const session = await admit(request, access, proxied)
    // A page's socket always names its origin; without one it is a program, and shows its token.
    if (request.headers.origin === undefined && !session.bearer) {
      throw new AppError('foreign_origin', { origin: 'nowhere' })
    }
    if (!session.bearer && (bySession.get(session.key)?.size ?? 0) >= perSession) {
      throw new AppError('too_many', { what: 'sockets', limit: perSession })
    }
    return session
  }

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy())
      if (pathOf(request.url) !== '/trpc') {
        refuseUpgrade(socket, refuse(404, 'not_found'))
        return
      }
      admitted(request).then(
        (session) => {
          sessions.set(request, session)
          wss.handleUpgrade(request, socket, head, (ws) => {
            const own = bySession.get(session.key) ?? new Set()
            bySession.set(session.key, own.add(ws))
            wss.emit('connection', ws, request)
          })
        },
        (error: unknown) => {
          const known = isAppError(error) ? error : new AppError('internal', { what: 'the upgrade' })
          refuseUpgrade(socket, refuseAs(known))
        },
      )
    },
    closeOf(sessionKey) {
      for (const ws of bySession.get(sessionKey) ?? []) ws.close(signedOut, 'signed out')
    },
    close() {
      for (const ws of wss.clients) ws.terminate()
      wss.close()
    },
  }
}

/** An upgrade has no response object: the refusal is written by hand. */
export function refuseUpgrade(socket: Duplex, { status, headers, body }: Reply): void {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
}
