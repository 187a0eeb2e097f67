import type { IncomingMessage, ServerResponse } from 'node:http'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'
import type { AppError } from '@catalogsync/contract'
import { trpcCodes } from '../errors.ts'

export interface Reply {
  status: number
  headers: Record<string, string>
  body: string
}

/** On every reply; a page loosens the policy for what it brings along. */
export const safeHeaders = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: `${JSON.stringify(value)}\n`,
  }
}

/** A refusal that has no more to say than its code. */
export const refuse = (status: number, code: string, headers: Record<string, string> = {}): Reply =>
  json(status, { error: { code } }, headers)

/** A refusal in the form that the API gives its errors, so that a client reads both alike. */
export function refuseAs(error: AppError): Reply {
  const code = trpcCodes[error.code]
  const httpStatus = getHTTPStatusCodeFromError(new TRPCError({ code }))
  const data = { code, httpStatus, appCode: error.code, facts: error.facts }
  return json(httpStatus, { error: { message: error.message, code: TRPC_ERROR_CODES_BY_KEY[code], data } })
}

export function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  request.resume() // a body that nobody asked for must not hold the connection
  const { status, headers, body } = reply
  response.writeHead(status, {
    ...safeHeaders,
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

export function pathOf(url = '/'): string {
  const end = url.search(/[?#]/)
  return end === -1 ? url : url.slice(0, end)
}
