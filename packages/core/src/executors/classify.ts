import { AppError, type FailureClass } from '@catalogsync/contract'
import { PortError } from '../ports/index.ts'
import { errnoText, isErrno } from '../library/errno.ts'
import { isFull, isOfTheVolume, keptFree } from '../library/volume.ts'
import { Aborted } from './abortable.ts'
import type { GateRef, Outcome } from './outcome.ts'

/** The volume of the published files. */
export const libraryGate: GateRef = { kind: 'volume', ref: 'library' }

export interface Where {
  /** Gate of the source or backend that was being asked. */
  port: GateRef
  signal: AbortSignal
}

/**
 * An error that ended an attempt → its outcome. Errors of ports carry their class; errors of the file
 * system are about the library, since sources and backends wrap theirs; anything else is unknown and
 * tried again, told in one line without a stack.
 */
export function classifyError(error: unknown, where: Where): Outcome {
  if (where.signal.aborted || error instanceof Aborted) return { kind: 'released' }
  if (error instanceof PortError) return classifyPortError(error, where.port)
  if (isErrno(error)) return classifyErrno(error)
  if (error instanceof AppError) return { kind: 'failed', class: 'permanent', reason: error.message }
  const isTimeout = error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
  const reason = isTimeout
    ? `"${where.port.ref}" did not answer in time`
    : `unexpected error: ${errnoText(error)}`
  return { kind: 'retry', class: 'transient', reason, afterMs: null, gate: null }
}

function classifyPortError(error: PortError, port: GateRef): Outcome {
  const { class: failureClass, reason, afterMs } = error
  switch (failureClass) {
    case 'blocked':
    case 'auth':
    case 'local':
      return { kind: 'retry', class: failureClass, reason, afterMs, gate: port }
    case 'transient':
      return { kind: 'retry', class: failureClass, reason, afterMs, gate: null }
    case 'permanent':
    case 'invalid':
    case 'poison':
      return { kind: 'failed', class: failureClass, reason }
  }
}

function classifyErrno(error: NodeJS.ErrnoException & { code: string }): Outcome {
  const at = error.path === undefined ? '' : ` at ${quoted(error.path)}`
  const reason = `${errnoText(error)}${at}`
  if (isOfTheVolume(error)) return isFull(error) ? localFailure(reason, keptFree) : localFailure(reason)
  // A folder of its own, unless the library's root says the same: then this is told by who looks there.
  if (ofTheFolder.has(error.code)) return { kind: 'retry', class: 'local', reason, afterMs: null, gate: null }
  if (ofTheName.has(error.code)) return { kind: 'failed', class: 'permanent', reason }
  return { kind: 'retry', class: 'transient', reason, afterMs: null, gate: null }
}

/**
 * The library cannot be used now: everybody waits until it can.
 * @param needBytes it is full: the free bytes that it must have before somebody tries again
 */
export function localFailure(reason: string, needBytes?: number): Outcome {
  const outcome = { kind: 'retry', class: 'local', reason, afterMs: null, gate: libraryGate } as const
  return needBytes === undefined ? outcome : { ...outcome, needBytes }
}

const ofTheFolder = new Set(['EACCES', 'EPERM'])
/** Trying again meets the same. */
const ofTheName = new Set(['ENAMETOOLONG', 'ENOTDIR', 'EISDIR', 'ELOOP'])

/** A name inside a reason: quoted, so that `reasonKey` knows it for one. */
export const quoted = (name: string): string => `"${name.replaceAll('"', "'")}"`

/**
 * What failures have in common: stage, source or backend, class, and the reason without what is different
 * for each song. Failures with one key are one group on the page. At most 240 characters.
 */
export function reasonKey(stage: string, ref: string, failureClass: FailureClass, reason: string): string {
  const words = reason
    .slice(0, 2_000)
    .replace(/"[^"]*"|“[^”]*”|«[^»]*»|‘[^’]*’|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu, '…')
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, '…')
    .replace(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{13,}\b/gi, '…')
    .replace(/\b(?=[a-f]*\d)[0-9a-f]{16,}\b/gi, '…')
    .replace(/(?<![\p{L}\p{N}])\S*\/\S*/gu, '…')
    .replace(/\d+([.,]\d+)*/g, '#')
    .replace(/\s+/g, ' ')
    .trim()
  return [stage, ref, failureClass, words].join(':').slice(0, 240)
}
