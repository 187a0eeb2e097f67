import type { TRPCError } from '@trpc/server'
import { AppError, errorText, type ErrorCode, type ErrorFacts } from '@catalogsync/contract'

/** The one map from our errors to the transport's. */
export const trpcCodes = {
  invalid_input: 'BAD_REQUEST',
  job_not_found: 'NOT_FOUND',
  item_not_found: 'NOT_FOUND',
  command_not_found: 'NOT_FOUND',
  playlist_not_found: 'NOT_FOUND',
  song_not_found: 'NOT_FOUND',
  not_signed_in: 'UNAUTHORIZED',
  wrong_token: 'UNAUTHORIZED',
  role_needed: 'FORBIDDEN',
  foreign_origin: 'FORBIDDEN',
  not_json: 'UNSUPPORTED_MEDIA_TYPE',
  too_many: 'TOO_MANY_REQUESTS',
  unknown_source: 'BAD_REQUEST',
  unknown_backend: 'BAD_REQUEST',
  unknown_source_type: 'PRECONDITION_FAILED',
  unknown_backend_type: 'PRECONDITION_FAILED',
  nothing_configured: 'PRECONDITION_FAILED',
  env_file_missing: 'PRECONDITION_FAILED',
  env_invalid: 'PRECONDITION_FAILED',
  folder_not_writable: 'INTERNAL_SERVER_ERROR',
  database_newer: 'INTERNAL_SERVER_ERROR',
  database_unusable: 'INTERNAL_SERVER_ERROR',
  port_in_use: 'INTERNAL_SERVER_ERROR',
  cannot_listen: 'INTERNAL_SERVER_ERROR',
  node_too_old: 'INTERNAL_SERVER_ERROR',
  no_data: 'INTERNAL_SERVER_ERROR',
  library_marker_missing: 'PRECONDITION_FAILED',
  runner_id_taken: 'INTERNAL_SERVER_ERROR',
  runner_ousted: 'INTERNAL_SERVER_ERROR',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorCode, TRPCError['code']>

export interface Described {
  code: ErrorCode
  facts: ErrorFacts[ErrorCode]
  message: string
}

/** What a caller learns of an error: our codes with their facts, and of all others nothing but where it was. */
export function describeError(error: TRPCError, path: string | undefined): Described {
  const { cause } = error
  if (isAppError(cause)) return { code: cause.code, facts: cause.facts, message: cause.message }
  const where = path ?? 'the request'
  const issue = firstIssue(cause)
  if (issue)
    return describe('invalid_input', { what: [where, ...issue.path].join('.'), problem: issue.message })
  // The transport's own refusals (no such procedure, not JSON, too large) have texts of their own, without secrets.
  if (error.code !== 'INTERNAL_SERVER_ERROR') {
    return describe('invalid_input', { what: where, problem: error.message })
  }
  return describe('internal', { what: where })
}

export const isAppError = (thrown: unknown): thrown is AppError => thrown instanceof AppError

function describe<C extends ErrorCode>(code: C, facts: ErrorFacts[C]): Described {
  return { code, facts, message: errorText(code, facts) }
}

/** The first problem of a zod error, of whichever of its builds. */
function firstIssue(cause: unknown): { path: string[]; message: string } | null {
  if (!(cause instanceof Error) || !('issues' in cause) || !Array.isArray(cause.issues)) return null
  const [issue] = cause.issues as { path: PropertyKey[]; message: string }[] // zod's own shape
  return issue ? { path: issue.path.map(String), message: issue.message } : null
}
