import { createHash } from 'node:crypto'
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

export interface SubsonicDouble {
  user: string
  password: string
  apiKey: string
  /** Ways to log in that it knows. */
  takes: ('token' | 'password' | 'apikey')[]
  extensions: string[] | null
  /** What a method answers: the inside of `subsonic-response`, or anything by hand. */
  answers: Record<string, Answer>
  /** Asked first for every method; true if it has answered. */
  before: (method: string, response: ServerResponse) => boolean
  asked: { method: string; verb: string; params: URLSearchParams; query: string }[]
  listener: RequestListener
}

type Answer = object | ((response: ServerResponse, params: URLSearchParams) => void)

/** A server that speaks as much Subsonic as its tests need, in the ways that real ones differ. */
export function subsonicDouble(changes: Partial<SubsonicDouble> = {}): SubsonicDouble {
  const double: SubsonicDouble = {
    user: 'admin',
    password: 'pass wörd&more',
    apiKey: 'key-0123456789',
    takes: ['token', 'password'],
    extensions: null,
    answers: {},
    before: () => false,
    asked: [],
    listener: (request, response) => void answer(double, request, response),
    ...changes,
  }
  return double
}

async function answer(
  double: SubsonicDouble,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://local')
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer) // no encoding was set on it
  const form = new URLSearchParams(Buffer.concat(chunks).toString())
  const params = new URLSearchParams([...url.searchParams, ...form])
  const method = /^\/(?:music\/)?rest\/(\w+)\.view$/.exec(url.pathname)?.[1] ?? ''
  double.asked.push({ method, verb: request.method ?? '', params, query: url.search })
  if (double.before(method, response)) return
  if (method === 'getOpenSubsonicExtensions') {
    if (!double.extensions) return failed(response, 0, 'Unknown method', 404)
    const openSubsonicExtensions = double.extensions.map((name) => ({ name, versions: [1] }))
    return ok(response, { openSubsonicExtensions })
  }
  const refusal = refuse(double, params)
  if (refusal) return failed(response, ...refusal)
  const found = method === 'ping' ? {} : double.answers[method]
  if (typeof found === 'function')
    return (found as (r: ServerResponse, p: URLSearchParams) => void)(response, params) // the only function it can be
  if (found) return ok(response, found)
  failed(response, 70, 'Not found')
}

export const ok = (response: ServerResponse, body: object): void =>
  json(response, { status: 'ok', version: '1.16.1', ...body })

export const failed = (response: ServerResponse, code: number, message: string, status = 200): void =>
  json(response, { status: 'failed', version: '1.16.1', error: { code, message } }, status)

export const json = (response: ServerResponse, inner: object, status = 200): void =>
  void response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(JSON.stringify({ 'subsonic-response': inner }))

/** Error codes as OpenSubsonic has them. */
function refuse(double: SubsonicDouble, params: URLSearchParams): [number, string] | null {
  const [u, p, t, s, key] = ['u', 'p', 't', 's', 'apiKey'].map((name) => params.get(name))
  if (key != null) {
    if (u !== null) return [43, 'Multiple conflicting authentication mechanisms provided']
    if (!double.takes.includes('apikey')) return [42, 'Provided authentication mechanism not supported']
    return key === double.apiKey ? null : [44, 'Invalid API key']
  }
  if (t != null) {
    if (!double.takes.includes('token')) return [41, 'Token authentication not supported for LDAP users.']
    const expected = createHash('md5')
      .update(`${double.password}${s ?? ''}`)
      .digest('hex')
    return u === double.user && t === expected && (s?.length ?? 0) >= 6
      ? null
      : [40, 'Wrong username or password']
  }
  if (p == null || !double.takes.includes('password')) return [10, 'Required parameter is missing.']
  const plain = p.startsWith('enc:') ? Buffer.from(p.slice(4), 'hex').toString() : p
  return u === double.user && plain === double.password ? null : [40, 'Wrong username or password']
}
