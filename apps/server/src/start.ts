import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@catalogsync/contract'
import { fileURLToPath } from 'node:url'
import type { SocketLimits } from './live/reader-socket.ts'
import { createDoor, type Door } from './door.ts'
import type { Machine } from './machine.ts'

export interface ServerOptions {
  host: string
  /** 0 takes any free port. */
  port: number
  version: string
  /** Folder of the built console; default: that of this checkout. */
  webFolder?: string
  /** Told of errors that are nobody's fault but ours, without secrets. */
  log?: (line: string) => void
  socketLimits?: Partial<SocketLimits>
}

export interface Server {
  readonly port: number
  /**
   * From now on `/healthz` says that all is well; until then, that it is starting. With a machine, its API and the
   * sign-in are open too. @throws AppError `folder_not_writable` if the admin token cannot be kept
   */
  open(machine?: Machine): void
  /** Takes no new connections, gives what is being answered a moment, and lets go of the port. */
  close(): Promise<void>
}

/** How long replies that are under way may take when the door closes. */
const closeMs = 1_000

const defaultLimits: SocketLimits = { subscriptions: 32, buffered: 1_048_576, graceMs: 4_000 }
const builtConsole = fileURLToPath(new URL('../../web/build', import.meta.url))

/**
 * Takes the port. Everything else can be prepared afterwards, so that a clash changes nothing.
 * @throws AppError `port_in_use`, `cannot_listen`
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { host, port, version } = options
  let listening = port
  const door = createDoor({
    host,
    port: () => listening,
    version,
    webFolder: options.webFolder ?? builtConsole,
    log: options.log ?? (() => undefined),
    socketLimits: { ...defaultLimits, ...options.socketLimits },
  })
  const server = createServer(httpLimits, door.request)
  server.maxConnections = 2_000
  server.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head))
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw refusal(host, port, error)
  }
  listening = (server.address() as AddressInfo).port // listening on TCP, so never a pipe's name
  return {
    port: listening,
    open: (machine) => door.open(machine),
    close: () => close(server, door),
  }
}

/** Who is slow with a request is not waited for; milliseconds and bytes. */
const httpLimits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 20_000,
  connectionsCheckingInterval: 5_000,
  maxHeaderSize: 16_384,
}

async function close(server: HttpServer, door: Door): Promise<void> {
  door.close()
  const insist = setTimeout(() => server.closeAllConnections(), closeMs)
  try {
    await new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
    })
  } finally {
    clearTimeout(insist)
  }
}

function refusal(host: string, port: number, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'EADDRINUSE') return new AppError('port_in_use', { host, port }, { cause: error })
  const cause = causes[code] ?? (error instanceof Error ? error.message : String(error))
  return new AppError('cannot_listen', { host, port, cause }, { cause: error })
}

const causes: Partial<Record<string, string>> = {
  EACCES: 'ports below 1024 need more rights (EACCES)',
  EADDRNOTAVAIL: 'this machine does not have that address (EADDRNOTAVAIL)',
  ENOTFOUND: 'the name is not known (ENOTFOUND)',
}
