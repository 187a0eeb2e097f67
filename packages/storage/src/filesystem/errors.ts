import { PortError } from '@catalogsync/core/ports'
import type { FailureClass } from '@catalogsync/contract'

/** `cannot store "a/b.flac" in /backup: the disk is full`, of the class that says who can do something about it. */
export function fsError(doing: string, error: unknown): PortError {
  if (error instanceof PortError) return error
  const code = errorCode(error)
  const [failureClass, words] = known[code] ?? ['transient', code || String(error)]
  return new PortError(failureClass, `${doing}: ${words}`, { cause: error })
}

/** A name inside a reason: in quotes, so that failures that differ only in it can be counted as one group. */
export const quoted = (name: string): string => `"${name.replaceAll('"', "'")}"`

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : ''
}

export const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errorCode(error))

const known: Record<string, [FailureClass, string]> = {
  ENOSPC: ['local', 'the disk is full'],
  EDQUOT: ['local', 'the quota is used up'],
  EROFS: ['local', 'the file system is read-only'],
  EACCES: ['local', 'permission denied'],
  EPERM: ['local', 'permission denied'],
  EIO: ['local', 'the disk reports an error'],
  ENODEV: ['local', 'the device is gone'],
  ENXIO: ['local', 'the device is gone'],
  ESTALE: ['local', 'the network share is gone'],
  ENOTCONN: ['local', 'the network share is not connected'],
  EHOSTDOWN: ['local', 'the server of the network share is down'],
  ENAMETOOLONG: ['permanent', 'the name is too long for this file system'],
  EILSEQ: ['permanent', 'the name has characters that this file system refuses'],
  EINVAL: ['permanent', 'the name has characters that this file system refuses'],
  EFBIG: ['permanent', 'the file is too large for this file system'],
  EISDIR: ['permanent', 'a folder has that name'],
  ENOTEMPTY: ['permanent', 'a folder has that name'],
  EEXIST: ['permanent', 'something else has that name'],
  ENOTDIR: ['permanent', 'a part of the name is a file, not a folder'],
  ELOOP: ['permanent', 'a symbolic link is in the way'],
  ENOENT: ['transient', 'a file or folder went away meanwhile'],
  EMFILE: ['transient', 'too many open files'],
  ENFILE: ['transient', 'too many open files'],
  EBUSY: ['transient', 'the file is in use'],
  ETIMEDOUT: ['transient', 'the network share does not answer'],
}
