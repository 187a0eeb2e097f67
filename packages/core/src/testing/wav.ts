/** What a tiny WAV file is made of. */
export interface WavOptions {
  seconds?: number
  /** Pitch of its one tone; two pitches make two different files. */
  hz?: number
  title?: string
  artist?: string
}

/** A real WAV file: a tone, 8,000 samples a second, 16 bits, mono, with a LIST/INFO tag if it has a title. */
export function tinyWav({ seconds = 1, hz = 440, title, artist }: WavOptions = {}): Buffer {
  const samples = Buffer.alloc(Math.round(seconds * sampleRate) * 2)
  for (let i = 0; i < samples.length / 2; i += 1) {
    samples.writeInt16LE(Math.round(8_000 * Math.sin((2 * Math.PI * hz * i) / sampleRate)), i * 2)
  }
  const format = Buffer.alloc(16)
  format.writeUInt16LE(1, 0) // PCM
  format.writeUInt16LE(1, 2) // mono
  format.writeUInt32LE(sampleRate, 4)
  format.writeUInt32LE(sampleRate * 2, 8)
  format.writeUInt16LE(2, 12)
  format.writeUInt16LE(16, 14)
  const info = [
    title === undefined ? [] : [textChunk('INAM', title)],
    artist === undefined ? [] : [textChunk('IART', artist)],
  ]
  const tags =
    info.flat().length === 0 ? [] : [chunk('LIST', Buffer.concat([Buffer.from('INFO'), ...info.flat()]))]
  const body = Buffer.concat([Buffer.from('WAVE'), chunk('fmt ', format), ...tags, chunk('data', samples)])
  return chunk('RIFF', body)
}

const sampleRate = 8_000

const textChunk = (id: string, text: string): Buffer => chunk(id, Buffer.from(`${text}\0`))

/** Chunks are padded to even length; the length says how many bytes count. */
function chunk(id: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8, id, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}
