import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { allowedHosts } from './hosts.ts'
import { page, pageHeaders } from './page.ts'

export interface DoorOptions {
  /** The address that was listened on. */
  host: string
  version: string
  ready: () => boolean
}

interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

type Route = (request: IncomingMessage) => Reply

/** What the door answers. The console and its API join here, as further routes. */
export function createDoor({ host, version, ready }: DoorOptions): RequestListener {
  const isAllowed = allowedHosts(host)
  const routes: Partial<Record<string, Route>> = {
    '/healthz': () =>
      ready() ? json(200, { status: 'ok', version }) : json(503, { status: 'starting', version }),
    '/': (request) => html(page(request.headers['accept-language'], version)),
  }

  function answer(request: IncomingMessage): Reply {
    if (!isAllowed(request.headers.host)) return refuse(421, 'misdirected_request')
    const route = routes[pathOf(request.url)]
    if (!route) return refuse(404, 'not_found')
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      const refusal = refuse(405, 'method_not_allowed')
      return { ...refusal, headers: { ...refusal.headers, allow: 'GET, HEAD' } }
    }
    return route(request)
  }

  return (request, response) => send(request, response, answer(request))
}

function send(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Reply): void {
  request.resume() // a body that nobody asked for must not hold the connection
  response.writeHead(status, { ...safe, ...headers, 'content-length': String(Buffer.byteLength(body)) })
  response.end(request.method === 'HEAD' ? undefined : body)
}

/** On every reply; a page loosens the policy for what it brings along. */
const safe = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

function json(status: number, value: unknown): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: `${JSON.stringify(value)}\n`,
  }
}

const refuse = (status: number, code: string): Reply => json(status, { error: { code } })

const html = (body: string): Reply => ({ status: 200, headers: pageHeaders, body })

function pathOf(url = '/'): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
