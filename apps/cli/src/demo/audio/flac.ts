import { createHash } from 'node:crypto'
import { type BitWriter, createBitWriter } from './bit-writer.ts'
import { crc16, crc8 } from './crc.ts'
import { fixedResidual, planRice, type RicePlan, writeResidual } from './residual.ts'
import type { Pcm, SongTags } from './tags.ts'

const blockSize = 4096
const paddingBytes = 1024

/** One channel of 16 bits as a FLAC file (RFC 9639), with its tags as a Vorbis comment. */
export function encodeFlac(pcm: Pcm, tags: SongTags): Uint8Array {
  const frames: Uint8Array[] = []
  for (let start = 0; start < pcm.samples.length; start += blockSize) {
    frames.push(encodeFrame(pcm, start, frames.length))
  }
  return Buffer.concat([
    Buffer.from('fLaC'),
    metadataBlock(0, streamInfo(pcm, frames), false),
    metadataBlock(4, vorbisComment(tags), false),
    metadataBlock(1, Buffer.alloc(paddingBytes), true),
    ...frames,
  ])
}

function metadataBlock(type: number, body: Uint8Array, last: boolean): Buffer {
  const header = Buffer.alloc(4)
  header.writeUInt8((last ? 0x80 : 0) | type)
  header.writeUIntBE(body.length, 1, 3)
  return Buffer.concat([header, body])
}

function streamInfo({ samples, sampleRate }: Pcm, frames: Uint8Array[]): Buffer {
  const sizes = frames.map((frame) => frame.length)
  const body = Buffer.alloc(34)
  body.writeUInt16BE(blockSize, 0)
  body.writeUInt16BE(blockSize, 2)
  body.writeUIntBE(Math.min(...sizes), 4, 3)
  body.writeUIntBE(Math.max(...sizes), 7, 3)
  // 20 bits of rate, 3 of channels less one, 5 of sample size less one, 36 of length; ours needs 32 of them.
  body.writeUInt32BE(((sampleRate << 12) | (0 << 9) | (15 << 4)) >>> 0, 10)
  body.writeUInt32BE(samples.length, 14)
  createHash('md5').update(littleEndian(samples)).digest().copy(body, 18)
  return body
}

/** The bytes of the samples in the order that WAV and FLAC's MD5 want, on any machine. */
export function littleEndian(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(samples.length * 2)
  for (let at = 0; at < samples.length; at++) bytes.writeInt16LE(samples[at] ?? 0, at * 2)
  return bytes
}

function vorbisComment(tags: SongTags): Buffer {
  const fields = [
    ['TITLE', tags.title],
    ...tags.artists.map((artist) => ['ARTIST', artist]),
    ['ALBUM', tags.album],
    ['ALBUMARTIST', tags.albumArtist],
    ['TRACKNUMBER', String(tags.trackNo)],
    ['TRACKTOTAL', String(tags.trackTotal)],
    ['DISCNUMBER', String(tags.discNo)],
    ['DISCTOTAL', String(tags.discTotal)],
    ['DATE', String(tags.year)],
    ['GENRE', tags.genre],
  ].map((field) => field.join('='))
  const count = Buffer.alloc(4)
  count.writeUInt32LE(fields.length)
  return Buffer.concat([withLength('Catalogsync demo'), count, ...fields.map(withLength)])
}

function withLength(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(4)
  length.writeUInt32LE(bytes.length)
  return Buffer.concat([length, bytes])
}

function encodeFrame({ samples, sampleRate }: Pcm, start: number, frameNumber: number): Uint8Array {
  const block = Int32Array.from(samples.subarray(start, start + blockSize))
  const out = createBitWriter()
  out.write(0xfff8, 16)
  out.write(block.length === blockSize ? 0b1100 : 0b0111, 4)
  out.write(rateCodes[sampleRate] ?? 0, 4)
  out.write(0, 4) // one channel
  out.write(0b1000, 4) // 16 bits, and a reserved zero
  writeFrameNumber(out, frameNumber)
  if (block.length !== blockSize) out.write(block.length - 1, 16)
  out.write(crc8(out.bytes()), 8)
  writeSubframe(out, block)
  out.align()
  out.write(crc16(out.bytes()), 16)
  return out.bytes()
}

const rateCodes: Record<number, number> = {
  8000: 4,
  16_000: 5,
  22_050: 6,
  24_000: 7,
  32_000: 8,
  44_100: 9,
  48_000: 10,
}

/** As UTF-8 codes a character; a file of ours has far fewer than 65,536 frames. */
function writeFrameNumber(out: BitWriter, number: number): void {
  if (number < 0x80) return out.write(number, 8)
  if (number < 0x800) return out.write(0xc080 | ((number >> 6) << 8) | (number & 0x3f), 16)
  out.write(0xe08080 | ((number >> 12) << 16) | (((number >> 6) & 0x3f) << 8) | (number & 0x3f), 24)
}

function writeSubframe(out: BitWriter, block: Int32Array): void {
  const first = block[0] ?? 0
  if (block.every((sample) => sample === first)) {
    out.write(0b0_000000_0, 8) // constant
    return out.write(first, 16)
  }
  const best = bestPredictor(block)
  if (!best || best.plan.bits + 16 * best.order >= 16 * block.length) {
    out.write(0b0_000001_0, 8) // verbatim
    for (const sample of block) out.write(sample, 16)
    return
  }
  out.write(0b0_001000_0 | (best.order << 1), 8) // fixed predictor
  for (const sample of block.subarray(0, best.order)) out.write(sample, 16)
  writeResidual(out, best.residual, best.plan, best.order)
}

interface Predictor {
  order: number
  residual: Int32Array
  plan: RicePlan
}

function bestPredictor(block: Int32Array): Predictor | undefined {
  const orders = [0, 1, 2, 3, 4].filter((order) => order < block.length)
  const predictors = orders.map((order) => {
    const residual = fixedResidual(block, order)
    return { order, residual, plan: planRice(residual, order, block.length) }
  })
  return predictors.sort((a, b) => a.plan.bits + 16 * a.order - (b.plan.bits + 16 * b.order))[0]
}
