import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseBuffer } from 'music-metadata'
import { expect, onTestFinished, test } from 'vitest'
import { crc16, crc8 } from './crc.ts'
import { encodeFlac, littleEndian } from './flac.ts'
import { createRandom } from './random.ts'
import type { SongTags } from './tags.ts'

const tags: SongTags = {
  title: 'Où / Ночь 夜',
  artists: ['TX/RX', 'Inês'],
  album: 'On/Off',
  albumArtist: 'Various = Artists',
  trackNo: 3,
  trackTotal: 9,
  discNo: 2,
  discTotal: 2,
  year: 2004,
  genre: 'Folk',
}

const random = createRandom(1)
const signals: [string, Int16Array][] = [
  ['one sample', Int16Array.of(-5)],
  ['three samples', Int16Array.of(1, -32_768, 32_767)],
  ['silence', new Int16Array(10_000)],
  [
    'a block and one sample',
    Int16Array.from({ length: 4097 }, (_, at) => Math.round(9000 * Math.sin(at / 20))),
  ],
  ['blocks of odd lengths', Int16Array.from({ length: 4096 * 3 + 1999 }, (_, at) => (at * 37) % 1000)],
  ['noise at full scale', Int16Array.from({ length: 9001 }, () => Math.floor(random() * 65_536) - 32_768)],
  ['jumps from end to end', Int16Array.from({ length: 8192 }, (_, at) => (at % 2 ? 32_767 : -32_768))],
  [
    'silence, then noise in one block',
    Int16Array.from({ length: 4096 }, (_, at) => (at < 2048 ? 0 : random() * 900)),
  ],
  [
    'more frames than one byte counts',
    Int16Array.from({ length: 4096 * 130 }, (_, at) => Math.round(900 * Math.sin(at / 9))),
  ],
]

const hasFlac = spawnSync('flac', ['--version']).status === 0
if (!hasFlac)
  console.warn('NOT RUN: the FLAC writer against the flac program, which is not installed (apt install flac)')

test.skipIf(!hasFlac).each(signals)('the flac program decodes %s to the same samples', (_, samples) => {
  const dir = mkdtempSync(join(tmpdir(), 'catalogsync-flac-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  const path = join(dir, 'a.flac')
  writeFileSync(path, encodeFlac({ samples, sampleRate: 22_050 }, tags))
  execFileSync('flac', ['--test', '--silent', '--warnings-as-errors', path], { stdio: 'pipe' })
  const raw = [
    '--decode',
    '--stdout',
    '--silent',
    '--force-raw-format',
    '--endian=little',
    '--sign=signed',
    path,
  ]
  expect(execFileSync('flac', raw, { maxBuffer: 1e8 }).equals(littleEndian(samples))).toBe(true)
})

test('a smooth sound takes well under its size', () => {
  const samples = Int16Array.from({ length: 40_960 }, (_, at) => Math.round(12_000 * Math.sin(at / 30)))
  expect(encodeFlac({ samples, sampleRate: 22_050 }, tags).length).toBeLessThan(samples.length)
})

test('tags, length and sample rate are read back as they were given', async () => {
  for (const sampleRate of [22_050, 44_100, 12_345]) {
    const samples = new Int16Array(sampleRate * 2)
    const { common, format } = await parseBuffer(encodeFlac({ samples, sampleRate }, tags), 'audio/flac')
    expect(common).toMatchObject({
      title: tags.title,
      artists: tags.artists,
      album: tags.album,
      albumartist: tags.albumArtist,
      track: { no: 3, of: 9 },
      disk: { no: 2, of: 2 },
      year: 2004,
      genre: ['Folk'],
    })
    expect(format).toMatchObject({
      container: 'FLAC',
      lossless: true,
      sampleRate,
      bitsPerSample: 16,
      duration: 2,
    })
  }
})

// The check values of CRC-8/SMBUS and CRC-16/UMTS in the catalogue of parametrised CRC algorithms.
test('the checksums are those of the standard', () => {
  const digits = new TextEncoder().encode('123456789')
  expect(crc8(digits)).toBe(0xf4)
  expect(crc16(digits)).toBe(0xfee8)
})
