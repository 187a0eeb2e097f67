import { PortError } from '../source-adapter.ts'
import { checkUrl } from './guard.ts'

export interface Hop {
  url: URL
  method: 'GET' | 'POST'
  headers: Readonly<Record<string, string>>
  form: string | null
  /** Whether this hop's host may have a private address. */
  allowPrivate: boolean
}

/** Redirects that are followed before an answer counts as a loop. */
export const maxRedirects = 5

export const isRedirect = (status: number): boolean => [301, 302, 303, 307, 308].includes(status)

/**
 * The hop that an answer points to. Headers stay with the origin that they were meant for, credentials in
 * the query with the host; only the host that the operator named may be private. Throws `PortError`.
 * A request keeps its method: ours ask and never change anything.
 */
export function nextHop(from: Hop, location: string | undefined, secretParams: readonly string[]): Hop {
  const url = parse(location ?? '', from.url)
  url.username = ''
  url.password = ''
  url.hash = ''
  if (from.url.protocol === 'https:' && url.protocol === 'http:') {
    throw refuse(from, `from https to http`)
  }
  const sameHost = url.hostname === from.url.hostname
  if (!sameHost && from.form !== null) throw refuse(from, `to another host, ${url.host}`)
  const allowPrivate = from.allowPrivate && sameHost
  try {
    checkUrl(url, allowPrivate)
  } catch (error) {
    throw error instanceof PortError ? refuse(from, `elsewhere; ${error.reason}`) : error
  }
  if (!sameHost) for (const name of secretParams) url.searchParams.delete(name)
  return { ...from, url, allowPrivate, headers: url.origin === from.url.origin ? from.headers : {} }
}

function parse(location: string, base: URL): URL {
  try {
    if (location !== '') return new URL(location, base)
  } catch {
    // said below
  }
  throw new PortError('invalid', `${base.origin} redirects to something that is not an address`)
}

const refuse = (from: Hop, how: string): PortError =>
  new PortError('permanent', `${from.url.origin} redirects ${how}`)
