/** Words for the errors of a file system that an operator meets. */
const words: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EROFS: 'it is mounted read-only',
  EACCES: 'permission denied',
  EPERM: 'the operation is not permitted',
  EIO: 'the disk reports an input/output error',
  ENOENT: 'it does not exist',
  ENOTDIR: 'something on the way is not a folder',
  EISDIR: 'it is a folder',
  ENAMETOOLONG: 'the name is too long for this file system',
  ELOOP: 'too many symbolic links on the way',
  ENOTCONN: 'the mount is gone',
  ESTALE: 'the mount is stale',
  EHOSTDOWN: 'the file server is down',
  ETIMEDOUT: 'the file server does not answer',
  EBUSY: 'it is in use',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EEXIST: 'it exists already',
}

export const isErrno = (error: unknown): error is NodeJS.ErrnoException & { code: string } =>
  error instanceof Error &&
  /^E[A-Z0-9]+$/.test((error as NodeJS.ErrnoException).code ?? '') &&
  'syscall' in error

/** `the disk is full (ENOSPC)`; no path, no stack. */
export function errnoText(error: unknown): string {
  if (!isErrno(error)) return error instanceof Error ? firstLine(error.message) : 'an unknown error'
  const known = words[error.code]
  return known ? `${known} (${error.code})` : error.code
}

const firstLine = (text: string): string => text.split('\n', 1)[0]?.slice(0, 300) ?? ''
