import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { snapshotOf } from '@catalogsync/core/config'
import { givenMachine, type MachineOptions } from '@catalogsync/core/testing'
import { startServer, type ServerOptions } from '../index.ts'

export interface RawRequest {
  path: string
  method?: string
  host?: string
  origin?: string
  /** With the admin token. */
  token?: boolean
  headers?: Record<string, string>
  body?: string
}

/** A door on a real machine in a temporary folder, on a port that the system chose. */
export async function givenDoor(options: MachineOptions & { server?: Partial<ServerOptions> } = {}) {
  const machine = await givenMachine(options)
  const behind = {
    database: machine.database,
    lockFolder: machine.lockFolder,
    loadSettings: () => ({ settings: machine.settings, values: {}, origin: {}, notices: [] }),
  }
  const start = async (port = 0) => {
    const given = { host: '127.0.0.1', port, version: '1.2.3', webFolder: 'nowhere', ...options.server }
    const server = await startServer(given)
    server.open(behind)
    return server
  }
  const server = await start()
  const token = readFileSync(join(machine.folder, 'admin-token'), 'utf8').trim()
  return {
    machine,
    server,
    token,
    url: `http://127.0.0.1:${server.port}`,
    snapshot: snapshotOf(machine.settings, {}),
    /** Closes the door and opens it again on the same port. */
    async restart() {
      await this.server.close()
      this.server = await start(server.port)
    },
    /** A call with the admin token, as a script makes it. */
    async call(path: string, body?: unknown): Promise<{ status: number; data: unknown }> {
      const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const reply = await fetch(`${this.url}/trpc/${path}`, { headers, ...init })
      const { result } = (await reply.json()) as { result?: { data: unknown } }
      return { status: reply.status, data: result?.data }
    },
    /** A request written by hand, with whatever Host and Origin. */
    async raw(request: RawRequest): Promise<{ status: number; headers: string; body: string }> {
      const { path, method = 'GET', host = `127.0.0.1:${server.port}`, body = '' } = request
      const lines = [
        `${method} ${path} HTTP/1.1`,
        `Host: ${host}`,
        ...(request.origin === undefined ? [] : [`Origin: ${request.origin}`]),
        ...(request.token ? [`Authorization: Bearer ${token}`] : []),
        ...Object.entries({ connection: 'close', ...request.headers }).map(
          ([name, value]) => `${name}: ${value}`,
        ),
        ...(body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ]
      const socket = connect(server.port, '127.0.0.1')
      let reply = ''
      socket.on('data', (chunk: Buffer) => {
        reply += chunk.toString()
        if (reply.startsWith('HTTP/1.1 101')) socket.destroy()
      })
      socket.on('error', () => undefined) // a refused upgrade may be reset
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`)
      await once(socket, 'close')
      const [headers = '', text = ''] = reply.split('\r\n\r\n')
      // Bodies are JSON, in one chunk if they are chunked.
      const found = /[[{].*[\]}]/s.exec(text)?.[0]
      return { status: Number(reply.split(' ')[1]), headers, body: found ?? text }
    },
    async end() {
      await this.server.close()
      await machine.end()
    },
  }
}

export type GivenDoor = Awaited<ReturnType<typeof givenDoor>>
