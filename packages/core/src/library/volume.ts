import { isErrno } from './errno.ts'

/** Bytes of the library's volume that downloads leave to the database, the logs and everybody else. */
export const keptFree = 64 * 1024 * 1024

/** Is this trouble of the whole volume, so that every file of the library meets it? */
export function isOfTheVolume(error: unknown): boolean {
  return isErrno(error) && ofTheVolume.has(error.code)
}

/** Is the volume full, so that it can still be read? */
export function isFull(error: unknown): boolean {
  return isErrno(error) && full.has(error.code)
}

const full = new Set(['ENOSPC', 'EDQUOT'])
// Not EACCES or EPERM: one folder may have other rights than the rest. Who meets them looks at the root.
const ofTheVolume = new Set([...full, 'EROFS', 'EIO', 'ENOTCONN', 'ESTALE', 'EHOSTDOWN', 'ENODEV'])
