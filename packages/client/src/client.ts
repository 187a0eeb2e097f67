import {
  createTRPCClient,
  createWSClient,
  httpBatchLink,
  splitLink,
  wsLink,
  type TRPCClient,
} from '@trpc/client'
import type { AppRouter } from '@catalogsync/server'

export interface ClientOptions {
  /** Where the server is: `http://nas:8421`. In its own page: `location.origin`. */
  url: string
  /** For programs: the admin token. A page has its cookie in its place. */
  token?: string
  /** Default: the built-in one. In place of it, the one of the package `ws` will do. */
  WebSocket?: typeof WebSocket
  /** Told when the connection of the subscriptions is there, and when it is lost. */
  onConnection?: (state: 'open' | 'lost') => void
}

export interface Client {
  api: TRPCClient<AppRouter>
  /** Ends the subscriptions and their connection. */
  close: () => Promise<void>
}

/** Calls of one turn that go in one request. The server takes 20. */
const batch = 20
/** A URL that every proxy takes; a longer batch is split. */
const maxUrl = 4_000

/**
 * The typed client for the console, for scripts and for programs. Calls go over HTTP, subscriptions over one
 * WebSocket that opens with the first of them, comes back within a second when it is lost, and goes on where it was.
 */
export function createClient(options: ClientOptions): Client {
  const { url, token, WebSocket: Socket = globalThis.WebSocket, onConnection } = options
  const base = url.replace(/\/+$/, '')
  const ws = createWSClient({
    url: `${base.replace(/^http/, 'ws')}/trpc`,
    lazy: { enabled: true, closeMs: 1_000 },
    retryDelayMs: (attempt) => Math.min(100 * (attempt + 1), 1_000),
    keepAlive: { enabled: true, intervalMs: 5_000, pongTimeoutMs: 3_000 },
    WebSocket: token === undefined ? Socket : withToken(Socket, token),
    onOpen: () => onConnection?.('open'),
    onClose: () => onConnection?.('lost'),
  })
  const api = createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: wsLink<AppRouter>({ client: ws }),
        false: httpBatchLink<AppRouter>({
          url: `${base}/trpc`,
          maxItems: batch,
          maxURLLength: maxUrl,
          ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
        }),
      }),
    ],
  })
  return { api, close: () => ws.close() }
}

/** Node's WebSocket and that of `ws` take headers in the second place; a browser's does not, and has its cookie. */
function withToken(Socket: typeof WebSocket, token: string): typeof WebSocket {
  return class extends Socket {
    constructor(url: string | URL) {
      const options: unknown = { headers: { authorization: `Bearer ${token}` } }
      super(url, options as string[]) // beyond the DOM's types
    }
  }
}
