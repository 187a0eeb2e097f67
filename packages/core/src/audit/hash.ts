import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 of all bytes, lower-case hex. */
export async function sha256Of(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of bytes) hash.update(chunk)
  return hash.digest('hex')
}

export function sha256OfFile(file: string, signal: AbortSignal): Promise<string> {
  return sha256Of(createReadStream(file, { highWaterMark: 1 << 20, signal }) as AsyncIterable<Uint8Array>) // no encoding: buffers
}
