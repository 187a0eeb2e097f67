import { link, lstat, open, rename, stat, unlink } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { isErrno } from './errno.ts'

/**
 * Moves a file to a name that nobody has, atomically where the file system knows hard links.
 * False: the name is taken. Without hard links (exFAT, some SMB mounts) a look goes before the rename;
 * the database's unique path key keeps our own runners apart there.
 */
export async function linkOrRename(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to)
  } catch (error) {
    if (!isErrno(error)) throw error
    if (error.code === 'EEXIST') return isSameFile(from, to)
    if (!withoutLinks.has(error.code)) throw error
    if (await exists(to)) return false
    await renameRetrying(from, to)
    return true
  }
  await unlink(from)
  return true
}

/** SMB and NFS refuse to rename over a file that somebody reads: a moment later it works. */
export async function renameRetrying(from: string, to: string): Promise<void> {
  for (const pauseMs of [40, 160, 640, null]) {
    try {
      return await rename(from, to)
    } catch (error) {
      const passing = isErrno(error) && ['EBUSY', 'EACCES', 'ETXTBSY'].includes(error.code)
      if (!passing || pauseMs === null) throw error
      await wait(pauseMs)
    }
  }
}

/** A name is durable when its folder is synced. Some network mounts cannot sync folders: they do it themselves. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    if (!isErrno(error) || !['EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code)) throw error
  } finally {
    await handle.close()
  }
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'])

/** A crash between link and unlink left both names on one file: the second try finishes it. */
async function isSameFile(from: string, to: string): Promise<boolean> {
  const [a, b] = await Promise.all([stat(from, { bigint: true }), lstat(to, { bigint: true })])
  if (a.ino !== b.ino || a.dev !== b.dev || a.ino === 0n) return false
  await unlink(from)
  return true
}

const exists = (at: string): Promise<boolean> =>
  lstat(at).then(
    () => true,
    () => false,
  )
