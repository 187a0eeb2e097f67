import { once } from 'node:events'
import { createServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError } from '@catalogsync/contract'
import { createDoor } from './door.ts'

export interface ServerOptions {
  host: string
  /** 0 takes any free port. */
  port: number
  version: string
}

export interface Server {
  readonly port: number
  /** From now on `/healthz` says that all is well; until then, that it is starting. */
  open(): void
  /** Takes no new connections, gives what is being answered a moment, and lets go of the port. */
  close(): Promise<void>
}

/** How long replies that are under way may take when the door closes. */
const closeMs = 1_000

/**
 * Takes the port. Everything else can be prepared afterwards, so that a clash changes nothing.
 * @throws AppError `port_in_use`, `cannot_listen`
 */
export async function startServer({ host, port, version }: ServerOptions): Promise<Server> {
  const health = { ready: false }
  const server = createServer(createDoor({ host, version, ready: () => health.ready }))
  server.listen({ host, port })
  try {
    await once(server, 'listening')
  } catch (error) {
    throw refusal(host, port, error)
  }
  const address = server.address() as AddressInfo // listening on TCP, so never a pipe's name
  return {
    port: address.port,
    open: () => void (health.ready = true),
    close: () => close(server),
  }
}

async function close(server: HttpServer): Promise<void> {
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
