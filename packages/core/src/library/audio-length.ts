import type { FileHandle } from 'node:fs/promises'
import type { AudioSuffix } from './sniff.ts'

/**
 * Compares what a container says of its own length with the bytes that are there. Tag readers believe the
 * header, so a file that was cut short looks whole to them. null: nothing wrong, or the container cannot tell.
 */
export async function audioProblem(file: FileHandle, suffix: AudioSuffix): Promise<string | null> {
  const { size } = await file.stat()
  if (suffix === 'wav' || suffix === 'aiff') return shorterThan(await iffLength(file), size)
  if (suffix === 'm4a') return mp4Problem(file, size)
  return null
}

/** RIFF is little-endian, FORM big-endian; writers that stream put 0 or all ones where they do not know. */
async function iffLength(file: FileHandle): Promise<number | null> {
  const head = Buffer.alloc(8)
  await file.read(head, 0, 8, 0)
  const length = head.toString('latin1', 0, 4) === 'FORM' ? head.readUInt32BE(4) : head.readUInt32LE(4)
  return length === 0 || length >= 0x7fff_0000 ? null : length + 8
}

/** Walks the top-level boxes (ISO 14496-12, §4.2): each must end within the file, and there must be a `moov`. */
async function mp4Problem(file: FileHandle, size: number): Promise<string | null> {
  const head = Buffer.alloc(16)
  let hasIndex = false
  for (let at = 0, boxes = 0; at + 8 <= size && boxes < mostBoxes; boxes += 1) {
    const { bytesRead } = await file.read(head, 0, 16, at)
    if (bytesRead < 8) break
    const type = head.toString('latin1', 4, 8)
    hasIndex ||= type === 'moov'
    const length = head.readUInt32BE(0)
    if (length === 0) break // to the end of the file
    const whole = length === 1 && bytesRead === 16 ? Number(head.readBigUInt64BE(8)) : length
    if (whole < 8) return 'the file is damaged: a box is shorter than its own header'
    if (at + whole > size) return shorterThan(at + whole, size)
    at += whole
  }
  return hasIndex ? null : 'the file is cut short: its index is missing'
}

/** A fragmented file has many; what is behind them is not looked at. */
const mostBoxes = 10_000

/** One missing byte is the padding that sloppy writers leave out. */
function shorterThan(said: number | null, size: number): string | null {
  if (said === null || size >= said - 1) return null
  return `the file is cut short: its header says ${said} bytes, ${size} are there`
}
