import { isErrno } from './errno.ts'

export interface Owner {
  puid: number | null
  pgid: number | null
}

interface Attributable {
  chmod(mode: number): Promise<void>
  chown(uid: number, gid: number): Promise<void>
}

/**
 * Sets permission bits and owner, whatever the umask. Returns what could not be set, as words: mounts
 * without owners or modes (exFAT, SMB) refuse both, and the file is usable all the same.
 */
export async function setAttributes(file: Attributable, mode: number, owner: Owner): Promise<string | null> {
  const { puid, pgid } = owner
  const refusals = [await refusal('mode', file.chmod(mode))]
  // -1 leaves the one or the other as it is (chown(2)).
  if (puid !== null || pgid !== null)
    refusals.push(await refusal('owner', file.chown(puid ?? -1, pgid ?? -1)))
  return refusals.filter((words) => words !== null).join(', ') || null
}

async function refusal(what: string, act: Promise<void>): Promise<string | null> {
  try {
    await act
    return null
  } catch (error) {
    const refused =
      isErrno(error) && ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EINVAL'].includes(error.code)
    if (!refused) throw error
    return `the ${what} could not be set (${error.code})`
  }
}
