import { PortError } from '@catalogsync/core/ports'

/** The source as a whole is away: its gate closes, and opens when the folder is back. */
export function away(root: string, why: string, cause?: unknown): PortError {
  return new PortError('blocked', `folder ${root} ${why} (unmounted?)`, { cause })
}

/**
 * Why `path` inside the source could not be read. One file that may not be read fails alone (`permanent`):
 * its neighbours can be had. A share that is gone closes the gate of the source.
 */
export function readError(path: string, error: unknown): PortError {
  if (error instanceof PortError) return error
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PortError('permanent', `file not found: ${quoted(path)}`, { cause: error })
  }
  const failureClass = shareCodes.has(code) ? 'blocked' : refusedCodes.has(code) ? 'permanent' : 'transient'
  return new PortError(
    failureClass,
    `cannot read ${quoted(path)}: ${spoken[code] ?? (code || String(error))}`,
    { cause: error },
  )
}

/** A name inside a reason: in quotes, so that failures that differ only in it can be counted as one group. */
export const quoted = (name: string): string => `"${name.replaceAll('"', "'")}"`

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const refusedCodes = new Set(['EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EISDIR'])
/** What a network share says when its server is gone. */
const shareCodes = new Set([
  'ESTALE',
  'ENOTCONN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ETIMEDOUT',
  'ENODEV',
  'ENXIO',
])

const spoken: Record<string, string> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EIO: 'the disk reports a read error',
  ESTALE: 'the network share is gone',
  ENOTCONN: 'the network share is not connected',
  ENAMETOOLONG: 'the path is too long',
  EMFILE: 'too many open files',
}
