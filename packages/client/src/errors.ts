import { TRPCClientError } from '@trpc/client'
import { errorText, type ErrorCode, type ErrorFacts, type Language } from '@catalogsync/contract'
import type { AppRouter } from '@catalogsync/server'

/** What went wrong with a call, in our own codes. */
export interface ClientError {
  /** `unreachable`: no answer came; whether the call has happened is not known. */
  code: ErrorCode | 'unreachable'
  facts: ErrorFacts[ErrorCode] | null
  /** HTTP status; null without an answer. */
  status: number | null
  text(language?: Language): string
}

/** Reads whatever a call or a subscription threw. */
export function errorOf(thrown: unknown): ClientError {
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  // Only this package's own link throws it, with this server's shape.
  const data = thrown instanceof TRPCClientError ? (thrown as TRPCClientError<AppRouter>).data : null
  if (!data) return { code: 'unreachable', facts: null, status: null, text: () => message }
  const { appCode, facts, httpStatus } = data
  return {
    code: appCode,
    facts,
    status: httpStatus,
    text: (language = 'en') => errorText(appCode, facts, language),
  }
}
