import { PortError, type Resolved } from '../ports/index.ts'
import { copyLocal, sizeOfSource, type Copied, type CopyOptions } from './local-copy.ts'

/** Brings the bytes of a song into a part file. */
export async function fetchTo(partPath: string, resolved: Resolved, options: CopyOptions): Promise<Copied> {
  switch (resolved.kind) {
    case 'file':
      return copyLocal(resolved.path, partPath, options)
    case 'url':
      throw new PortError('permanent', 'this version cannot fetch over HTTP yet')
  }
}

/** Bytes that are about to come, null if nobody knows. */
export async function sizeToCome(resolved: Resolved): Promise<number | null> {
  return resolved.kind === 'file' ? sizeOfSource(resolved.path) : resolved.size
}
