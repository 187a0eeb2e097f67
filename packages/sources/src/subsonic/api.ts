import { PortError, type CallContext, type RefusedAnswer } from '@catalogsync/core/ports'
import { readText, statusFailure, type HttpAnswer, type HttpClient } from '@catalogsync/core/ports/http'
import { failureOf, isLoginUnknown, type Failure } from './errors.ts'
import { secretParams, type Login } from './login.ts'
import { isRecord, parseReply, type Reply } from './reply.ts'
import type { SubsonicSettings } from './settings.ts'

export type Params = Record<string, string | number>

/** A whole playlist comes in one reply. */
const longestReply = 64 * 2 ** 20
/** Servers take their time for a playlist with thousands of songs. */
const answerWithinMs = 60_000

interface Session {
  login: Login
  /** Parameters go in a form in place of the URL, where they would be in the server's log. */
  posts: boolean
}

/** One server, with the login that it turned out to take. Errors are `PortError`s without secrets. */
export function createApi({ base, logins, privateHost }: SubsonicSettings, http: HttpClient) {
  const { origin, hostname } = new URL(base)
  let session: Session | null = null

  async function send(login: Login | null, posts: boolean, method: string, params: Params, ctx: CallContext) {
    const query = queryOf(login, params)
    const url = `${base}/rest/${method}.view`
    const answer = await http.request({
      ...(posts ? { url, form: query } : { url: `${url}?${query}` }),
      privateHost,
      secretParams,
      answerWithinMs,
      signal: ctx.signal,
    })
    // Its login was left behind: what it would say about that helps nobody.
    if (new URL(answer.origin).hostname !== hostname) {
      answer.discard()
      throw new PortError(
        'permanent',
        `${origin} redirects to ${answer.origin}: put that into the source's URL`,
      )
    }
    return answer
  }

  async function replyOf(answer: HttpAnswer): Promise<Reply> {
    const byStatus = answer.status === 200 ? null : statusFailure(answer, Date.now())
    if (byStatus?.class === 'blocked') {
      answer.discard()
      throw byStatus
    }
    const reply = parseReply(await readText(answer, longestReply))
    const codeless = reply.kind !== 'failed' || reply.code === null || reply.code === 0
    if (byStatus && codeless) throw byStatus
    return reply
  }

  /** Servers that do not know the question are none of the newer kind. */
  async function takesForms(ctx: CallContext): Promise<boolean> {
    try {
      const params = { v: '1.16.1' }
      const reply = await replyOf(await send(null, false, 'getOpenSubsonicExtensions', params, ctx))
      const known = reply.kind === 'ok' ? reply.body['openSubsonicExtensions'] : null
      return Array.isArray(known) && known.some((each) => isRecord(each) && each['name'] === 'formPost')
    } catch (error) {
      if (error instanceof PortError && error.class !== 'blocked' && !ctx.signal.aborted) return false
      throw error
    }
  }

  async function logIn(ctx: CallContext): Promise<Session> {
    const posts = await takesForms(ctx)
    let last: Failure | null = null
    for (const login of logins) {
      const reply = await replyOf(await send(login, posts, 'ping', {}, ctx))
      if (reply.kind === 'ok') return { login, posts }
      if (reply.kind === 'other') throw notSubsonic()
      last = reply
      if (!isLoginUnknown(reply)) throw failure(reply)
    }
    const tried = logins.map(({ name }) => name).join(', ')
    const said = last === null ? '' : `; ${failure(last).reason}`
    throw new PortError('auth', `${origin} takes none of the logins that were tried (${tried})${said}`)
  }

  const failure = (said: Failure): PortError => failureOf(said, origin, clean)
  const notSubsonic = (): PortError =>
    new PortError(
      'invalid',
      `${origin} does not answer like a Subsonic server: is the URL of the source right?`,
    )

  /** The server's words without what we sent it. */
  function clean(text: string): string {
    const secrets = logins.flatMap((login) => login.secrets).filter((secret) => secret.length > 2)
    return secrets
      .reduce((words, secret) => words.replaceAll(secret, '…'), text)
      .replace(/\b(u|t|s|p|apiKey)=[^&\s]+/g, '$1=…')
  }

  /** A login that worked may not work any more: the next call looks for one anew. */
  function tell(said: Failure): PortError {
    const error = failure(said)
    if (error.class === 'auth' || isLoginUnknown(said)) session = null
    return error
  }

  return {
    origin,

    /** The inside of `subsonic-response`. */
    async call(method: string, params: Params, ctx: CallContext): Promise<Record<string, unknown>> {
      const { login, posts } = (session ??= await logIn(ctx))
      try {
        const reply = await replyOf(await send(login, posts, method, params, ctx))
        if (reply.kind === 'ok') return reply.body
        throw reply.kind === 'failed' ? tell(reply) : notSubsonic()
      } catch (error) {
        if (error instanceof PortError && error.class === 'auth') session = null
        throw error
      }
    },

    /** Where a GET brings what `method` gives. Holds the login: a secret. */
    async urlOf(method: string, params: Params, ctx: CallContext): Promise<string> {
      const { login } = (session ??= await logIn(ctx))
      return `${base}/rest/${method}.view?${queryOf(login, params)}`
    },

    /** What an answer to such a URL means that is no audio; null if the server says nothing of itself. */
    explain({ contentType, bodyStart }: RefusedAnswer): PortError | null {
      const reply = parseReply(bodyStart)
      if (reply.kind === 'failed') return tell(reply)
      const isZip = contentType?.endsWith('zip') === true
      return isZip
        ? new PortError('permanent', `${origin} sends a ZIP archive: the id is not a song's`)
        : null
    },
  }
}

export type Api = ReturnType<typeof createApi>

function queryOf(login: Login | null, params: Params): string {
  const query = new URLSearchParams({ ...login?.params(), c: 'catalogsync', f: 'json' })
  for (const [name, value] of Object.entries(params)) query.set(name, String(value))
  return query.toString()
}
