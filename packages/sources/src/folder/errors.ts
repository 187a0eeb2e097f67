import { PortError } from '@catalogsync/core/ports'

/** The source as a whole is away: its gate closes, and opens when the folder is back. */
export function away(root: string, why: string, cause?: unknown): PortError {
  return new PortError('blocked', `folder ${root} ${why} (unmounted?)`, { cause })
}

/** Why `path` inside the source could not be read, sorted by who can do something about it. */
export function readError(path: string, error: unknown): PortError {
  if (error instanceof PortError) return error
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new PortError('permanent', `file not found: ${path}`, { cause: error })
  }
  const words = spoken[code] ?? (code || String(error))
  return new PortError(
    shareCodes.has(code) ? 'blocked' : localCodes.has(code) ? 'local' : 'transient',
    `cannot read ${path}: ${words}`,
    {
      cause: error,
    },
  )
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

const localCodes = new Set(['EACCES', 'EPERM', 'EIO'])
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
  EMFILE: 'too many open files',
}
