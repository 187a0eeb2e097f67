import { connect } from 'node:net'
import { Agent, request as send, type Dispatcher } from 'undici'
import { PortError } from '../source-adapter.ts'
import { connectionFailure, isCut } from './failures.ts'
import { checkUrl, guardedLookup, type Resolve } from './guard.ts'
import { isRedirect, maxRedirects, nextHop, type Hop } from './redirects.ts'

export interface HttpRequest {
  /** http or https. May hold credentials: it is in no error and no log line. */
  url: string
  headers?: Readonly<Record<string, string>>
  /** URL-encoded fields: the request becomes a POST. */
  form?: string
  /** The host in `url` may have a private address, because the operator named it. Redirects to others may not. */
  privateHost: boolean
  /** Names of query parameters that are credentials: dropped when a redirect leaves the host. */
  secretParams?: readonly string[]
  /** How long the server may take until it begins to answer; default 30 s. */
  answerWithinMs?: number
  signal: AbortSignal
}

export interface HttpAnswer {
  status: number
  /** By lower-case name; of a repeated one, all values with `, ` between. */
  headers: Readonly<Record<string, string | undefined>>
  /** Who answered in the end, without path and query: `http://nas:4533`. */
  origin: string
  /** To be read to its end or discarded. Errors are `PortError`s, except after an abort. */
  body: AsyncIterable<Buffer>
  discard: () => void
}

export interface HttpClient {
  /** Follows at most five redirects, each checked. Errors are `PortError`s, except after an abort. */
  request(request: HttpRequest): Promise<HttpAnswer>
  close(): Promise<void>
}

const connectMs = 10_000
const idleMs = 30_000

/**
 * The one way to the network: addresses are checked when they are connected to, a stalled peer is left, and
 * failures have their class. A peer that is away is `blocked`; an answer that breaks off is `transient`
 * while its server still takes connections. Nothing is decompressed and nothing asks for it.
 */
export function createHttpClient(options: { resolve?: Resolve } = {}): HttpClient {
  const agents = { named: agentFor(true), others: agentFor(false) }

  function agentFor(allowPrivate: boolean): Agent {
    const lookup = guardedLookup(allowPrivate, options.resolve)
    return new Agent({ allowH2: false, connect: { timeout: connectMs, lookup } })
  }

  async function ask(hop: Hop, { signal, answerWithinMs }: HttpRequest): Promise<HttpAnswer> {
    checkUrl(hop.url, hop.allowPrivate)
    const dispatcher = hop.allowPrivate ? agents.named : agents.others
    const type = hop.form === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
    const parts: Parts = {
      dispatcher,
      method: hop.method,
      headers: { 'user-agent': 'catalogsync', accept: '*/*', ...hop.headers, ...type },
      body: hop.form,
      signal,
      headersTimeout: answerWithinMs ?? idleMs,
      bodyTimeout: idleMs,
    }
    const answer = await firstAnswer(hop.url, parts)
    return {
      status: answer.statusCode,
      headers: flat(answer.headers),
      origin: hop.url.origin,
      body: chunksOf(answer.body, hop, signal),
      discard: () => void answer.body.on('error', () => undefined).destroy(),
    }
  }

  async function* chunksOf(body: Dispatcher.ResponseData['body'], hop: Hop, signal: AbortSignal) {
    try {
      for await (const chunk of body) yield chunk as Buffer // no encoding was set on it
    } catch (error) {
      if (signal.aborted) throw error
      const failure = connectionFailure(error, hop.url.origin)
      if (!isCut(error) || (await takesConnections(hop, signal))) throw failure
      throw new PortError('blocked', `${hop.url.origin} went away in the middle of an answer`, {
        cause: error,
      })
    }
  }

  function takesConnections({ url, allowPrivate }: Hop, signal: AbortSignal): Promise<boolean> {
    const port = Number(url.port) || (url.protocol === 'https:' ? 443 : 80)
    const host = url.hostname.replace(/^\[|\]$/g, '')
    return new Promise((resolve) => {
      const socket = connect({ host, port, lookup: guardedLookup(allowPrivate, options.resolve), signal })
      const end = (answers: boolean) => {
        socket.destroy()
        resolve(answers)
      }
      socket.setTimeout(connectMs, () => end(false))
      socket.once('connect', () => end(true)).on('error', () => end(false))
    })
  }

  return {
    async request(request) {
      let hop = firstHop(request)
      for (let redirects = 0; ; redirects += 1) {
        const answer = await ask(hop, request)
        if (!isRedirect(answer.status)) return answer
        answer.discard()
        if (redirects === maxRedirects)
          throw new PortError('permanent', `${hop.url.origin} redirects more than ${maxRedirects} times`)
        hop = nextHop(hop, answer.headers['location'], request.secretParams ?? [])
      }
    },
    async close() {
      await Promise.all([agents.named.destroy(), agents.others.destroy()])
    },
  }
}

function firstHop({ url, headers = {}, form, privateHost }: HttpRequest): Hop {
  if (!URL.canParse(url)) throw new PortError('permanent', 'the address is not a URL')
  const method = form === undefined ? 'GET' : 'POST'
  return { url: new URL(url), method, headers, form: form ?? null, allowPrivate: privateHost }
}

type Parts = Omit<Dispatcher.RequestOptions<null>, 'origin' | 'path'> & {
  dispatcher: Dispatcher
  signal: AbortSignal
}

/** A kept connection may be closed by the server just when it is used again: then once more, on a new one. */
async function firstAnswer(url: URL, parts: Parts): Promise<Dispatcher.ResponseData<null>> {
  const once = () => send<null>(url, parts)
  try {
    return await once().catch((error: unknown) => {
      if (parts.signal.aborted || !isCut(error)) throw error
      return once()
    })
  } catch (error) {
    throw parts.signal.aborted ? error : connectionFailure(error, url.origin)
  }
}

const flat = (headers: Dispatcher.ResponseData['headers']): Record<string, string | undefined> =>
  Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
  )
