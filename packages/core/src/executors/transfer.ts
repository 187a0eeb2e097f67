import type { Resolved } from '../ports/index.ts'
import type { HttpClient } from '../ports/http/index.ts'
import { downloadUrl } from './http-download.ts'
import { copyLocal, sizeOfSource, type Copied, type CopyOptions } from './local-copy.ts'

export interface FetchOptions extends CopyOptions {
  http: HttpClient
}

/** Brings the bytes of a song into a part file. */
export async function fetchTo(partPath: string, resolved: Resolved, options: FetchOptions): Promise<Copied> {
  switch (resolved.kind) {
    case 'file':
      return copyLocal(resolved.path, partPath, options)
    case 'url':
      return downloadUrl(resolved, partPath, options)
  }
}

/** Bytes that are about to come, null if nobody knows. */
export async function sizeToCome(resolved: Resolved): Promise<number | null> {
  return resolved.kind === 'file' ? sizeOfSource(resolved.path) : resolved.size
}
