import { parseBuffer } from 'music-metadata'
import { expect, test } from 'vitest'
import { encodeWav } from './wav.ts'

test('samples and tags of a WAV file are read back, those of ID3 in full', async () => {
  const samples = Int16Array.from({ length: 22_050 }, (_, at) => Math.round(9000 * Math.sin(at / 20)))
  const tags = {
    title: 'Ночь 夜',
    artists: ['A', 'B'],
    album: 'é',
    albumArtist: 'C',
    trackNo: 4,
    trackTotal: 5,
    discNo: 1,
    discTotal: 2,
    year: 1987,
    genre: 'Jazz',
  }
  const file = encodeWav({ samples, sampleRate: 22_050 }, tags)
  expect(Buffer.from(file).readUInt32LE(4)).toBe(file.length - 8)
  const { common, format } = await parseBuffer(file, 'audio/wav')
  expect(common).toMatchObject({
    title: 'Ночь 夜',
    artists: ['A', 'B'],
    album: 'é',
    albumartist: 'C',
    track: { no: 4, of: 5 },
    disk: { no: 1, of: 2 },
    year: 1987,
  })
  expect(format).toMatchObject({ container: 'WAVE', sampleRate: 22_050, numberOfChannels: 1, duration: 1 })
  expect(format.tagTypes).toEqual(expect.arrayContaining(['ID3v2.4', 'exif']))
})
