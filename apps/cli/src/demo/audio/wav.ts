import { littleEndian } from './flac.ts'
import { id3Tag } from './id3.ts'
import type { Pcm, SongTags } from './tags.ts'

/** One channel of 16 bits as a RIFF WAVE file, with its tags twice: as LIST INFO, and as an ID3v2 chunk. */
export function encodeWav(pcm: Pcm, tags: SongTags): Uint8Array {
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format(pcm.sampleRate)),
    chunk('LIST', info(tags)),
    chunk('data', littleEndian(pcm.samples)),
    chunk('id3 ', id3Tag(tags)),
  ])
  return chunk('RIFF', body)
}

/** An id of four letters, the length of the body, the body, and a byte to make it even. */
function chunk(id: string, body: Uint8Array): Buffer {
  const header = Buffer.alloc(8)
  header.write(id, 'latin1')
  header.writeUInt32LE(body.length, 4)
  return Buffer.concat([header, body, Buffer.alloc(body.length % 2)])
}

function format(sampleRate: number): Buffer {
  const body = Buffer.alloc(16)
  body.writeUInt16LE(1, 0) // PCM
  body.writeUInt16LE(1, 2) // channels
  body.writeUInt32LE(sampleRate, 4)
  body.writeUInt32LE(sampleRate * 2, 8)
  body.writeUInt16LE(2, 12)
  body.writeUInt16LE(16, 14)
  return body
}

function info(tags: SongTags): Buffer {
  const fields: [string, string][] = [
    ['INAM', tags.title],
    ['IART', tags.artists.join(', ')],
    ['IPRD', tags.album],
    ['ICRD', String(tags.year)],
    ['IGNR', tags.genre],
    ['ITRK', String(tags.trackNo)],
  ]
  return Buffer.concat([
    Buffer.from('INFO'),
    ...fields.map(([id, text]) => chunk(id, Buffer.from(`${text}\0`))),
  ])
}
