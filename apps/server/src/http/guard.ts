import type { IncomingMessage } from 'node:http'
import { AppError } from '@catalogsync/contract'
import type { Access, Session } from '../access/access.ts'
import { isForeign } from '../access/origins.ts'

/**
 * Who asks, and may they ask so? The Host has been checked before.
 * @throws AppError `foreign_origin`, `not_signed_in`, `not_json`
 */
export async function admit(
  request: IncomingMessage,
  access: Access,
  proxied: readonly string[],
): Promise<Session> {
  refuseForeign(request, proxied)
  const session = await access.sessionOf(request)
  if (!session) throw new AppError('not_signed_in', {})
  const reads = request.method === 'GET' || request.method === 'HEAD'
  if (!reads) {
    // Browsers name the origin of whatever is not a plain read; who does not is a program, and shows its token.
    if (request.headers.origin === undefined && !session.bearer) {
      throw new AppError('foreign_origin', { origin: 'nowhere' })
    }
    refuseOtherThanJson(request)
  }
  return session
}

/** @throws AppError `foreign_origin` */
export function refuseForeign(request: IncomingMessage, proxied: readonly string[]): void {
  if (isForeign(request, proxied)) {
    throw new AppError('foreign_origin', { origin: request.headers.origin ?? 'another site' })
  }
}

/** A form can be sent from any page without asking; JSON cannot. @throws AppError `not_json` */
export function refuseOtherThanJson(request: IncomingMessage): void {
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (type !== 'application/json') throw new AppError('not_json', { type: type || 'nothing' })
}
