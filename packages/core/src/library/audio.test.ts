import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tinyWav } from '../testing/wav.ts'
import { inspectAudio } from './audio.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'audio-'))
})
afterEach(() => rm(folder, { recursive: true }))

async function inspect(bytes: Buffer | string) {
  const file = path.join(folder, '.x.s1.part')
  await writeFile(file, bytes)
  return inspectAudio(file)
}

describe('what is audio', () => {
  test('a WAV file, with its length', async () => {
    expect(await inspect(tinyWav({ seconds: 2.5, title: 'T', artist: 'A' }))).toMatchObject({
      container: 'wav',
      suffix: 'wav',
      durationMs: 2500,
    })
  })

  test('an MP3, also behind a large ID3 tag', async () => {
    const frames = mp3Frames(100)
    const expected = { container: 'mp3', suffix: 'mp3' }
    expect(await inspect(frames)).toMatchObject(expected)
    const tagged = await inspect(Buffer.concat([id3v2(300_000), frames]))
    expect(tagged).toMatchObject(expected)
    expect((tagged as { durationMs: number }).durationMs / 1000).toBeCloseTo((100 * 1152) / 44_100, 1)
  })

  test('a FLAC, also behind an ID3 tag', async () => {
    const expected = { container: 'flac', suffix: 'flac', durationMs: 3000 }
    expect(await inspect(flac(3))).toMatchObject(expected)
    expect(await inspect(Buffer.concat([id3v2(100), flac(3)]))).toMatchObject(expected)
  })

  test('an Opus in Ogg', async () => {
    expect(await inspect(oggOpus(4))).toMatchObject({
      container: 'ogg',
      suffix: 'opus',
      codec: 'Opus',
      durationMs: 4000,
    })
  })

  test('an AIFF', async () => {
    expect(await inspect(aiff(1))).toMatchObject({ container: 'aiff', suffix: 'aiff', durationMs: 1000 })
  })
})

describe('what is not', () => {
  test.each([
    ['', 'the file is empty'],
    ['<!DOCTYPE html><html><body>Login</body></html>', 'an HTML page'],
    ['\ufeff\n  <html>', 'an HTML page'],
    ['<?xml version="1.0"?><error/>', 'an XML document'],
    ['{"subsonic-response":{"status":"failed"}}', 'a JSON answer'],
    ['#EXTM3U\nhttp://x', 'a playlist'],
    ['The requested song was not found on this server.', 'plain text'],
    ['PK\x03\x04rest', 'a ZIP archive'],
    ['\x00\x01\x02\x03\x04\x05\x06\x07\x08', 'begins with 0001020304050607'],
  ])('%j is told apart', async (bytes, words) => {
    expect(await inspect(bytes)).toEqual({ problem: expect.stringContaining(words) as string })
  })

  test('an HTML page behind an ID3 tag', async () => {
    expect(await inspect(Buffer.concat([id3v2(10), Buffer.from('<html>')]))).toHaveProperty('problem')
  })

  test('zeros: what a disk leaves behind after a crash', async () => {
    expect(await inspect(Buffer.alloc(9_000))).toEqual({ problem: 'not audio: nothing but zeros' })
  })

  test('a WAV that was cut short, and one without sound', async () => {
    const file = path.join(folder, 'cut.part')
    const whole = tinyWav({ seconds: 1 })
    await writeFile(file, whole)
    await truncate(file, whole.length - 2)
    expect(await inspectAudio(file)).toEqual({
      problem: `the file is cut short: its header says ${whole.length} bytes, ${whole.length - 2} are there`,
    })
    expect(await inspect(tinyWav({ seconds: 0 }))).toHaveProperty('problem')
  })

  test('an MP4 that was cut short', async () => {
    const moov = box('moov', Buffer.alloc(100))
    const whole = Buffer.concat([
      box('ftyp', Buffer.from('M4A \0\0\0\0')),
      moov,
      box('mdat', Buffer.alloc(5_000)),
    ])
    expect(await inspect(whole.subarray(0, 4_000))).toEqual({
      problem: expect.stringContaining('cut short') as string,
    })
    expect(await inspect(box('ftyp', Buffer.from('M4A \0\0\0\0')))).toEqual({
      problem: 'the file is cut short: its index is missing',
    })
  })

  test('a magic number with rubbish behind it', async () => {
    for (const magic of ['fLaC', 'RIFF\x10\x00\x00\x00WAVE', 'MAC ', 'wvpk']) {
      expect(
        await inspect(Buffer.concat([Buffer.from(magic, 'latin1'), Buffer.alloc(200, 7)])),
        magic,
      ).toHaveProperty('problem')
    }
  })
})

test('a file that is not there is the file system’s error', async () => {
  await expect(inspectAudio(path.join(folder, 'none'))).rejects.toMatchObject({ code: 'ENOENT' })
})

function id3v2(size: number): Buffer {
  const syncsafe = [21, 14, 7, 0].map((shift) => (size >> shift) & 0x7f)
  return Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), Buffer.from(syncsafe), Buffer.alloc(size)])
}

/** Silent frames: MPEG-1 layer III, 128 kbit/s, 44.1 kHz, mono. */
function mp3Frames(count: number): Buffer {
  const frame = Buffer.alloc(417)
  frame.set([0xff, 0xfb, 0x90, 0xc0])
  return Buffer.concat(Array.from({ length: count }, () => frame))
}

/** Header of a FLAC at 44.1 kHz, and bytes that stand for its frames. */
function flac(seconds: number): Buffer {
  const info = Buffer.alloc(34)
  info.writeUInt16BE(4096, 0)
  info.writeUInt16BE(4096, 2)
  info.writeBigUInt64BE((44_100n << 44n) | (0n << 41n) | (15n << 36n) | BigInt(seconds * 44_100), 10)
  return Buffer.concat([Buffer.from('fLaC'), Buffer.from([0x80, 0, 0, 34]), info, Buffer.alloc(8_000, 0x55)])
}

function oggOpus(seconds: number): Buffer {
  const head = Buffer.from('OpusHead\x01\x01\x00\x00\x80\xbb\x00\x00\x00\x00\x00', 'latin1')
  const tags = Buffer.from('OpusTags\x00\x00\x00\x00\x00\x00\x00\x00', 'latin1')
  return Buffer.concat([
    oggPage(2, 0n, 0, head),
    oggPage(0, 0n, 1, tags),
    oggPage(4, BigInt(seconds * 48_000), 2, Buffer.alloc(200, 1)),
  ])
}

function oggPage(flags: number, granule: bigint, sequence: number, packet: Buffer): Buffer {
  const head = Buffer.alloc(28)
  head.write('OggS', 'latin1')
  head[5] = flags
  head.writeBigInt64LE(granule, 6)
  head.writeUInt32LE(7, 14)
  head.writeUInt32LE(sequence, 18)
  head[26] = 1
  head[27] = packet.length
  return Buffer.concat([head, packet])
}

function aiff(seconds: number): Buffer {
  const common = Buffer.alloc(18)
  common.writeUInt16BE(1, 0)
  common.writeUInt32BE(seconds * 8_000, 2)
  common.writeUInt16BE(16, 6)
  common.set([0x40, 0x0b, 0xfa], 8) // 8,000 as an 80-bit float
  const chunk = (id: string, data: Buffer) => {
    const head = Buffer.alloc(8, id, 'latin1')
    head.writeUInt32BE(data.length, 4)
    return Buffer.concat([head, data])
  }
  const sound = chunk('SSND', Buffer.alloc(8 + seconds * 16_000))
  return chunk('FORM', Buffer.concat([Buffer.from('AIFF'), chunk('COMM', common), sound]))
}

function box(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8, type, 'latin1')
  head.writeUInt32BE(data.length + 8, 0)
  head.write(type, 4, 'latin1')
  return Buffer.concat([head, data])
}
