import { expect, test } from 'vitest'
import { decodeM3u, parseM3u } from './m3u.ts'

const bytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding)
const nothing = { title: null, artist: null, album: null, albumArtist: null, durationMs: null }

test('a plain list of paths is a playlist without a name', () => {
  const playlist = parseM3u('a.flac\nAlbum/b c.mp3\n')
  expect(playlist).toEqual({
    name: null,
    hls: false,
    entries: [
      { ...nothing, location: 'a.flac' },
      { ...nothing, location: 'Album/b c.mp3' },
    ],
  })
})

test('EXTINF gives seconds, artist and title to the next song only', () => {
  const { entries } = parseM3u('#EXTM3U\n#EXTINF:244,Macroform - Cold Day\na.flac\nb.flac\n')
  expect(entries[0]).toMatchObject({ artist: 'Macroform', title: 'Cold Day', durationMs: 244_000 })
  expect(entries[1]).toEqual({ ...nothing, location: 'b.flac' })
})

test.each([
  ['244,Title only', { artist: null, title: 'Title only', durationMs: 244_000 }],
  ['-1,Radio - One', { artist: 'Radio', title: 'One', durationMs: null }],
  ['12.5,A - B - C', { artist: 'A', title: 'B - C', durationMs: 12_500 }],
  ['-1 group="x, y" logo="z",A - B', { artist: 'A', title: 'B', durationMs: null }],
  ['300, AC-DC - T.N.T., live', { artist: 'AC-DC', title: 'T.N.T., live', durationMs: 300_000 }],
  ['300', nothing],
  ['300,', { ...nothing, durationMs: 300_000 }],
  [',周杰伦 - 夜曲', { artist: '周杰伦', title: '夜曲', durationMs: null }],
])('EXTINF:%s is understood', (value, expected) => {
  expect(parseM3u(`#EXTINF:${value}\nx.flac`).entries[0]).toMatchObject(expected)
})

test('album lines above the first song speak for all songs, later ones for the next', () => {
  const { entries } = parseM3u('#EXTALB:One\n#EXTART:Band\na\n#EXTALB:Two\nb\nc')
  expect(entries.map((e) => [e.album, e.albumArtist])).toEqual([
    ['One', 'Band'],
    ['Two', 'Band'],
    ['One', 'Band'],
  ])
})

test('an album line below the first EXTINF does not speak for the whole list', () => {
  const { entries } = parseM3u('#EXTINF:1,A - B\n#EXTALB:One\na\nb')
  expect(entries.map((e) => e.album)).toEqual(['One', null])
})

test('the name, comments, blank lines and every kind of line end are understood', () => {
  const playlist = parseM3u(
    '#EXTM3U\r\n#PLAYLIST: Late night \r\n# a remark\r\r\n  a.flac  \r\nb.flac\rc.flac',
  )
  expect(playlist.name).toBe('Late night')
  expect(playlist.entries.map((e) => e.location)).toEqual(['a.flac', 'b.flac', 'c.flac'])
})

test('a list of stream segments is recognised', () => {
  expect(parseM3u('#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\nseg1.ts').hls).toBe(true)
})

test('byte order marks, UTF-8 and older encodings are decoded', () => {
  expect(decodeM3u(bytes('\ufeffé.mp3'), 'latin1')).toBe('é.mp3')
  expect(decodeM3u(bytes('夜.mp3'), 'latin1')).toBe('夜.mp3')
  expect(decodeM3u(bytes('\ufeff夜.mp3', 'utf16le'), 'latin1')).toBe('夜.mp3')
  expect(decodeM3u(bytes('é.mp3', 'latin1'), 'latin1')).toBe('é.mp3')
  expect(decodeM3u(Uint8Array.from([0xd2, 0xb9, 0xc7, 0xfa]), 'gb18030')).toBe('夜曲')
})

test('an empty file is an empty playlist', () => {
  expect(parseM3u('')).toEqual({ name: null, entries: [], hls: false })
})
