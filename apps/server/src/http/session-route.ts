import type { IncomingMessage } from 'node:http'
import { AppError, type SessionView } from '@catalogsync/contract'
import type { Access } from '../access/access.ts'
import { admit, refuseForeign, refuseOtherThanJson } from './guard.ts'
import { json, refuse, type Reply } from './reply.ts'

const maxBytes = 4_096

export interface SessionRoute {
  access: Access
  proxied: readonly string[]
  version: string
  /** Sockets of a session that is over are closed. */
  onSignedOut: (key: string) => void
}

/** GET /session: who am I. POST with `{"token": "…"}`: sign in. DELETE: sign out. */
export async function sessionReply(request: IncomingMessage, route: SessionRoute): Promise<Reply> {
  const { access, proxied, version } = route
  const view = (role: SessionView['role']): SessionView => ({ role, version })
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return json(200, view((await admit(request, access, proxied)).role))
    case 'POST': {
      refuseForeign(request, proxied)
      refuseOtherThanJson(request)
      const cookie = await access.signIn(await tokenIn(request))
      if (cookie === null) throw new AppError('wrong_token', {})
      return json(200, view('admin'), { 'set-cookie': cookie })
    }
    case 'DELETE': {
      refuseForeign(request, proxied)
      const session = await access.sessionOf(request)
      if (!session) throw new AppError('not_signed_in', {})
      if (request.headers.origin === undefined && !session.bearer) {
        throw new AppError('foreign_origin', { origin: 'nowhere' })
      }
      const cookie = await access.signOut(session)
      route.onSignedOut(session.key)
      return json(200, {}, { 'set-cookie': cookie })
    }
    default:
      return refuse(405, 'method_not_allowed', { allow: 'GET, POST, DELETE' })
  }
}

async function tokenIn(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > maxBytes) throw new AppError('invalid_input', { what: '/session', problem: 'too long' })
    chunks.push(chunk)
  }
  try {
    const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { token?: unknown }
    if (typeof body.token === 'string') return body.token
  } catch {
    // told below
  }
  throw new AppError('invalid_input', { what: '/session', problem: 'expects {"token": "…"}' })
}
