import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/** When the file was last modified (ms since the epoch), if it has exactly these bytes; else null, also if it is not there. */
export async function mtimeIfSame(
  file: string,
  bytes: { size: number; sha256: string },
): Promise<number | null> {
  try {
    const { size, mtimeMs } = await stat(file)
    return size === bytes.size && (await sha256Of(file)) === bytes.sha256 ? mtimeMs : null
  } catch {
    return null
  }
}

async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash)
  return hash.digest('hex')
}
