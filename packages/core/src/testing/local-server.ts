import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface LocalServer {
  /** `http://127.0.0.1:port`, without a slash at its end. */
  url: string
  port: number
  /** What was asked, in order. */
  requests: { method: string; url: URL; headers: IncomingMessage['headers'] }[]
  server: Server
  /** Ends it and cuts what is open. */
  close(): Promise<void>
}

/** A real HTTP server on 127.0.0.1, for a test to answer as badly as it likes. */
export async function localServer(listener: RequestListener, port = 0): Promise<LocalServer> {
  const requests: LocalServer['requests'] = []
  const server = createServer((request, response) => {
    const { method = '', headers } = request
    requests.push({ method, url: new URL(request.url ?? '/', 'http://local'), headers })
    listener(request, response)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve)
  })
  const bound = (server.address() as AddressInfo).port // it listens on TCP
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    requests,
    server,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
