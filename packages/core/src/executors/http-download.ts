import { createHash } from 'node:crypto'
import { open, rm } from 'node:fs/promises'
import { PortError, type ResolvedUrl } from '../ports/index.ts'
import { readStart, statusFailure, type HttpAnswer, type HttpClient } from '../ports/http/index.ts'
import { pumpChunks } from './http-pump.ts'
import { isTextType, looksLikeText, typeOf } from './http-types.ts'
import type { Copied, CopyOptions } from './local-copy.ts'

/**
 * Streams a URL into a new part file, hashing on the way. What the server does wrong is a `PortError`, and
 * an answer that cannot be the song leaves no part; what goes wrong on the part's side is the file system's
 * own error. No reason names the URL, which may hold a secret. Nothing is synced here.
 */
export async function downloadUrl(
  resolved: ResolvedUrl,
  partPath: string,
  options: CopyOptions & { http: HttpClient },
): Promise<Copied> {
  const { url, headers, privateHost = false, secretParams = [] } = resolved
  const { http, signal } = options
  const answer = await http.request({ url, headers, privateHost, secretParams, signal })
  const promised = await checkHead(answer, resolved)
  const body = answer.body[Symbol.asyncIterator]()
  try {
    const first = await body.next()
    const start: Buffer = first.done === true ? Buffer.alloc(0) : first.value
    if (looksLikeText(start)) throw refused(answer, resolved, start.toString('utf8', 0, explainBytes))
    // A new file, never the old one: a worker that was frozen may still hold that one open and write to it.
    await rm(partPath, { force: true })
    const part = await open(partPath, 'wx', 0o600)
    try {
      const hashes = [createHash('sha256'), ...(resolved.hash ? [createHash(resolved.hash.algorithm)] : [])]
      const limit = promised ?? longestFile
      const size = await pumpChunks(start, body, part, { ...options, hashes, limit, origin: answer.origin })
      const [sha256 = '', promisedKind] = hashes.map((hash) => hash.digest('hex'))
      checkHash(resolved, promisedKind)
      return { size, sha256 }
    } finally {
      await part.close()
    }
  } finally {
    answer.discard()
  }
}

const explainBytes = 4_096
/** Of a file of which nobody said how long it is: an endless answer must not fill the disk. */
const longestFile = 4 * 2 ** 30

/** Status, type, encoding and length, before a byte is kept. @returns bytes that must come, null if unknown */
async function checkHead(answer: HttpAnswer, resolved: ResolvedUrl): Promise<number | null> {
  const contentType = typeOf(answer.headers['content-type'])
  if (answer.status !== 200 || isTextType(contentType)) {
    throw refused(answer, resolved, await readStart(answer, explainBytes))
  }
  const refuse = (reason: string): never => {
    answer.discard()
    throw new PortError('invalid', reason)
  }
  const encoding = answer.headers['content-encoding'] ?? 'identity'
  if (encoding !== 'identity') refuse(`${answer.origin} sends the file compressed (${encoding}), unasked`)
  const header = answer.headers['content-length']
  const length = header === undefined ? null : Number(header)
  if (length !== null && resolved.size !== null && length !== resolved.size)
    refuse(`${resolved.size} bytes were promised, ${answer.origin} sends ${length}`)
  return resolved.size ?? length
}

/** The source knows best what its answer means; then the status, then the type. */
function refused(answer: HttpAnswer, resolved: ResolvedUrl, bodyStart: string): PortError {
  const { status } = answer
  const byStatus = status === 200 ? null : statusFailure(answer, Date.now())
  if (byStatus?.class === 'blocked') return byStatus
  const contentType = typeOf(answer.headers['content-type'])
  const explained = resolved.explain?.({ status, contentType, bodyStart })
  return (
    explained ?? byStatus ?? new PortError('invalid', `${answer.origin} ${notAudio(contentType, bodyStart)}`)
  )
}

function notAudio(contentType: string | null, bodyStart: string): string {
  if (contentType !== null && isTextType(contentType)) return `sends ${contentType} instead of audio`
  return `sends ${/^\s*[{[]/.test(bodyStart) ? 'a JSON answer' : 'a page or an XML answer'} instead of audio`
}

function checkHash({ hash }: ResolvedUrl, found: string | undefined): void {
  if (!hash || hash.hex.toLowerCase() === found) return
  throw new PortError('invalid', `the ${hash.algorithm} of the bytes is not the one that was promised`)
}
