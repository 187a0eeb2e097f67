import { PortError } from '../source-adapter.ts'
import type { HttpAnswer } from './client.ts'

/** The whole body as UTF-8 text; `PortError` of class `invalid` if it has more than `maxBytes`. */
export async function readText({ body, origin, discard }: HttpAnswer, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size <= maxBytes) continue
    discard()
    throw new PortError('invalid', `${origin} answers with more than ${Math.ceil(maxBytes / 2 ** 20)} MB`)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}

/** The beginning of a body as UTF-8 text, about `bytes` long; what comes behind it is discarded. */
export async function readStart({ body, discard }: HttpAnswer, bytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= bytes) break
    }
  } catch (error) {
    // An error page that breaks off still says what it says; without a word of it, this is the news.
    if (size === 0) throw error
  }
  discard()
  return Buffer.concat(chunks, size).toString('utf8', 0, bytes)
}
