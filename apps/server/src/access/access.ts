import { createHmac, randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Role } from '@catalogsync/contract'
import type { Database } from '@catalogsync/core'
import { deleteSession, findSession, insertSession, noteSessionSeen } from '@catalogsync/core/reads'
import { sameSecret } from './token.ts'

/** Who is asking. */
export interface Session {
  /** Names the session without opening it: the hash of its id, or `token`. */
  key: string
  role: Role
  /** What is written down about who asked. */
  by: string
  /** It was shown with this very request, by a program; no browser sends it by itself. */
  bearer: boolean
}

export interface Access {
  /** By the bearer token or the cookie of a request; null: nobody we know. */
  sessionOf(request: IncomingMessage): Promise<Session | null>
  /** @returns the cookie to set, or null if that is not the token */
  signIn(token: string): Promise<string | null>
  /** @returns the cookie that takes the old one away */
  signOut(session: Session): Promise<string>
  /** A person has done something: noted now and then, so that an open page alone writes nothing. */
  noteAct(session: Session): Promise<void>
}

const sessionMs = 30 * 24 * 3_600_000
const noteEveryMs = 10 * 60_000

/**
 * Sessions are rows, so they outlive a restart; the row has the id's hash, the id itself is in the browser alone.
 * @param port in the cookie's name, since cookies of one host are shared by all its ports
 */
export function createAccess(database: Database, token: string, port: number, now = Date.now): Access {
  const name = `catalogsync_${port}`
  // Keyed by the token: with another token, every session that was opened by this one is over.
  const hash = (id: string): string => createHmac('sha256', token).update(id).digest('hex')
  const attributes = 'Path=/; HttpOnly; SameSite=Strict'
  return {
    async sessionOf(request) {
      const bearer = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1]
      if (bearer !== undefined) {
        return sameSecret(bearer, token) ? { key: 'token', role: 'admin', by: 'token', bearer: true } : null
      }
      const id = cookieOf(request.headers.cookie, name)
      if (id === null) return null
      const row = await findSession(database.db, hash(id))
      if (!row || row.expires_at <= now()) return null
      return { key: row.id_hash, role: row.role, by: 'console', bearer: false }
    },
    async signIn(given) {
      if (!sameSecret(given, token)) return null
      const id = randomBytes(32).toString('base64url')
      const at = now()
      const session = { idHash: hash(id), role: 'admin', now: at, expiresAt: at + sessionMs } as const
      await database.write((tx) => insertSession(tx, session))
      return `${name}=${id}; Max-Age=${sessionMs / 1000}; ${attributes}`
    },
    async signOut({ key }) {
      await database.write((tx) => deleteSession(tx, key))
      return `${name}=; Max-Age=0; ${attributes}`
    },
    async noteAct({ key, bearer }) {
      if (bearer) return
      const row = await findSession(database.db, key)
      if (!row || now() - row.seen_at < noteEveryMs) return
      await database.write((tx) => noteSessionSeen(tx, key, now()))
    },
  }
}

function cookieOf(header: string | undefined, name: string): string | null {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`))
  return pair?.slice(name.length + 1) || null
}
