import { PortError } from '../source-adapter.ts'
import { RefusedAddress } from './guard.ts'
import { retryAfterMs } from './retry-after.ts'

export interface StatusFacts {
  status: number
  headers: Readonly<Record<string, string | undefined>>
  /** Who answered, without path and query: `http://nas:4533`. */
  origin: string
}

/**
 * A status that is no success as an error. 502, 503 and 504 speak of the server as a whole, and 429 of all
 * our requests: they close the gate. 500 may be about this one request.
 */
export function statusFailure({ status, headers, origin }: StatusFacts, now: number): PortError {
  const answered = `${origin} answers ${status}${statusWords[status] ? ` (${statusWords[status]})` : ''}`
  if ([429, 502, 503, 504].includes(status)) {
    const afterMs = retryAfterMs(headers['retry-after'], now)
    return new PortError('blocked', answered, afterMs === null ? {} : { afterMs })
  }
  if ([401, 403, 407].includes(status)) return new PortError('auth', answered)
  if ([408, 425, 500].includes(status)) return new PortError('transient', answered)
  if (status < 400) return new PortError('invalid', `${answered} where 200 was expected`)
  return new PortError('permanent', answered)
}

const statusWords: Record<number, string> = {
  400: 'bad request',
  401: 'login needed',
  403: 'forbidden',
  404: 'not found',
  410: 'gone',
  429: 'too many requests',
  500: 'server error',
  501: 'not implemented',
  502: 'bad gateway',
  503: 'unavailable',
  504: 'gateway timeout',
}

/** The connection broke after it was made: before or in the middle of an answer. */
export const isCut = (error: unknown): boolean =>
  /^(UND_ERR_SOCKET|UND_ERR_RES_CONTENT_LENGTH_MISMATCH|ECONNRESET|ECONNABORTED|EPIPE)$/.test(codeOf(error))

/** What went wrong before there was an answer, or on its way. Names the server, never path or query. */
export function connectionFailure(error: unknown, origin: string): PortError {
  if (error instanceof PortError) return error
  if (error instanceof RefusedAddress) return new PortError('permanent', error.message)
  const code = codeOf(error)
  const options = { cause: error }
  if (code === 'UND_ERR_HEADERS_TIMEOUT')
    return new PortError('transient', `${origin} took the request and did not answer in time`, options)
  if (code === 'UND_ERR_BODY_TIMEOUT')
    return new PortError('transient', `${origin} stopped sending in the middle`, options)
  if (code.startsWith('HPE_') || code === 'UND_ERR_HEADERS_OVERFLOW')
    return new PortError('transient', `${origin} answers something that is not HTTP (${code})`, options)
  if (isCut(error)) return new PortError('transient', `${origin} closed the connection too early`, options)
  const words = unreachable[code] ?? tlsWords(code) ?? (code || 'unknown error')
  return new PortError('blocked', `${origin} cannot be reached: ${words}`, options)
}

export const codeOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}

const unreachable: Record<string, string> = {
  ECONNREFUSED: 'connection refused, nothing listens there',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EHOSTDOWN: 'the host is down',
  ENOTFOUND: 'the name is not known',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer in time',
  UND_ERR_CONNECT_TIMEOUT: 'no answer in time',
}

const tlsWords = (code: string): string | null =>
  /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code) ? `no trusted TLS connection (${code})` : null
