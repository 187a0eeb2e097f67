import type { IncomingMessage, RequestListener } from 'node:http'
import type { Duplex } from 'node:stream'
import { AppError } from '@catalogsync/contract'
import { adminToken } from './access/token.ts'
import { createAccess } from './access/access.ts'
import { allowedHosts } from './access/hosts.ts'
import type { SocketLimits } from './live/reader-socket.ts'
import { isAppError } from './errors.ts'
import { createApi } from './http/api.ts'
import { json, pathOf, refuse, refuseAs, send } from './http/reply.ts'
import { sessionReply, type SessionRoute } from './http/session-route.ts'
import { createStatic } from './http/static.ts'
import { createSummaries } from './live/summary.ts'
import { createTailer } from './live/tailer.ts'
import type { Machine } from './machine.ts'
import { createSockets, refuseUpgrade, type Sockets } from './sockets.ts'

export interface DoorOptions {
  /** The address that was listened on. */
  host: string
  port: () => number
  version: string
  /** Folder of the built console. */
  webFolder: string
  log: (line: string) => void
  socketLimits: SocketLimits
}

export interface Door {
  request: RequestListener
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** From now on there is something behind it; without a machine, only that all is well. */
  open(machine?: Machine): void
  close(): void
}

/** What is behind an open door. */
interface Rooms {
  api: RequestListener
  session: SessionRoute
  sockets: Sockets
  close: () => void
}

/** Host first, then who asks, then what: nothing behind the door sees a request that may not be there. */
export function createDoor(options: DoorOptions): Door {
  const { host, version, log } = options
  let ready = false
  let rooms: Rooms | null = null
  let moreHosts: readonly string[] = []
  const isAllowed = allowedHosts(host, () => moreHosts)
  const files = createStatic(options.webFolder, version)

  async function session(request: IncomingMessage) {
    if (!rooms) return refuse(503, 'starting')
    try {
      return await sessionReply(request, rooms.session)
    } catch (error) {
      if (isAppError(error)) return refuseAs(error)
      log(`/session: ${String(error)}`)
      return refuseAs(new AppError('internal', { what: '/session' }))
    }
  }

  return {
    request(request, response) {
      const path = pathOf(request.url)
      if (!isAllowed(request.headers.host)) send(request, response, refuse(421, 'misdirected_request'))
      else if (path === '/healthz') send(request, response, health(request, ready, version))
      else if (path === '/session') void session(request).then((reply) => send(request, response, reply))
      else if (path !== '/trpc' && !path.startsWith('/trpc/')) files(request, response)
      else if (rooms) rooms.api(request, response)
      else send(request, response, refuse(503, 'starting'))
    },
    upgrade(request, socket, head) {
      if (!isAllowed(request.headers.host)) refuseUpgrade(socket, refuse(421, 'misdirected_request'))
      else if (rooms) rooms.sockets.upgrade(request, socket, head)
      else refuseUpgrade(socket, refuse(503, 'starting'))
    },
    open(machine) {
      if (machine) {
        const { settings } = machine.loadSettings()
        moreHosts = settings.webAllowedHosts
        rooms = openRooms(machine, options, moreHosts, adminToken(settings.rootDir))
      }
      ready = true
    },
    close() {
      rooms?.close()
      rooms = null
    },
  }
}

function openRooms(machine: Machine, options: DoorOptions, proxied: readonly string[], token: string): Rooms {
  const { version, log, port, socketLimits } = options
  const access = createAccess(machine.database, token, port())
  const tailer = createTailer(machine.database)
  const summaries = createSummaries(machine, tailer)
  const api = {
    context: { ...machine, version, startedAt: Date.now(), tailer, summaries },
    access,
    proxied,
    log,
  }
  const sockets = createSockets({ ...api, limits: socketLimits })
  return {
    api: createApi(api),
    session: { access, proxied, version, onSignedOut: (key) => sockets.closeOf(key) },
    sockets,
    close() {
      sockets.close()
      tailer.close()
    },
  }
}

function health(request: IncomingMessage, ready: boolean, version: string) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(405, 'method_not_allowed', { allow: 'GET, HEAD' })
  }
  return ready ? json(200, { status: 'ok', version }) : json(503, { status: 'starting', version })
}
