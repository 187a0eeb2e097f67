import fc from 'fast-check'
import { AppError } from '@catalogsync/contract'
import { describe, expect, test } from 'vitest'
import { layoutPath, parseLayout, pathWithLabel, type LayoutSong } from './layout.ts'

const song: LayoutSong = {
  sourceId: 'home',
  remoteId: 'Macroform/Opsound Sampler/cold.flac',
  title: 'Cold Day',
  artists: ['Macroform', 'Guest'],
  album: 'Opsound Sampler',
  albumArtist: null,
  trackNo: 1,
  discNo: 1,
  year: 2004,
}
const path = (changes: Partial<LayoutSong>, layout = 'artist-album') =>
  layoutPath({ ...song, ...changes }, layout, 'flac')

describe('the presets', () => {
  test('artist-album sorts by album artist, album and track', () => {
    expect(path({})).toBe('Macroform/Opsound Sampler/01 - Cold Day.flac')
    expect(path({ albumArtist: 'Various Artists', trackNo: 12 })).toBe(
      'Various Artists/Opsound Sampler/12 - Cold Day.flac',
    )
    expect(path({ discNo: 2 })).toBe('Macroform/Opsound Sampler/2-01 - Cold Day.flac')
  })

  test('missing parts are left out or named once', () => {
    expect(path({ album: null, trackNo: null, artists: [] })).toBe('Unknown Artist/Singles/Cold Day.flac')
    expect(path({ artists: [' ', 'B'], album: '\u200b', trackNo: 0 })).toBe('B/Singles/Cold Day.flac')
    expect(path({ title: '...', trackNo: null })).toBe(
      'Macroform/Opsound Sampler/Macroform_Opsound Sampler_cold.flac.flac',
    )
  })

  test('flat and by-id', () => {
    expect(path({}, 'flat')).toBe('Macroform - Cold Day.flac')
    expect(path({}, 'by-id')).toBe('home/Macroform_Opsound Sampler_cold.flac')
  })
})

describe('templates of one’s own', () => {
  test('prefix and suffix vanish with an empty value', () => {
    const layout = '{artists}/{album}{ (year)}/{track:000. }{title}'
    expect(path({}, layout)).toBe('Macroform, Guest/Opsound Sampler (2004)/001. Cold Day.flac')
    expect(path({ year: null, trackNo: null }, layout)).toBe('Macroform, Guest/Opsound Sampler/Cold Day.flac')
  })

  test('a folder without any value is left out, and text that separates stands only between values', () => {
    const layout = '{artist}/CD {disc}/{track:00} - {title}'
    expect(path({}, layout)).toBe('Macroform/01 - Cold Day.flac')
    expect(path({ discNo: 2, trackNo: null, artists: [] }, layout)).toBe('CD 2/Cold Day.flac')
  })

  test.each([
    ['{artist', 1, 'never closed'],
    ['{artist}/{titel}', 11, 'no token "titel"'],
    ['a}b', 2, 'closes nothing'],
    ['/{title}', 1, 'without a name'],
    ['a//{title}', 3, 'without a name'],
    ['{title}/', 9, 'no name'],
    ['{track:0x}', 9, 'cannot stand'],
    ['{title|"a/b"}', 8, 'expected here'],
    ['{}', 2, 'expected here'],
    ['{artist}', 9, 'needs {title}'],
    ['', 1, 'no name'],
    ['a/'.repeat(8) + '{title}', 24, 'more than 8'],
  ])('%s is refused at character %d', (template, position, words) => {
    const error = thrownBy(() => parseLayout(template))
    expect(error).toBeInstanceOf(AppError)
    expect((error as AppError).code).toBe('invalid_input')
    expect((error as AppError).message).toContain(words)
    expect((error as AppError).message).toContain(`(character ${position})`)
  })
})

test('no value can add a segment, climb out of the library, or hide a file', () => {
  const text = fc.oneof(
    fc.constantFrom('..', '.', '/', '../../x', '\\', '/etc', 'a/../b', '\0/', '%2f', '\u202e/', ''),
    fc.string({ unit: 'binary', maxLength: 300 }),
  )
  const wild = fc.record({
    sourceId: text,
    remoteId: text,
    title: text,
    artists: fc.array(text, { maxLength: 3 }),
    album: fc.option(text),
    albumArtist: fc.option(text),
    trackNo: fc.option(fc.integer()),
    discNo: fc.option(fc.integer()),
    year: fc.option(fc.integer()),
  })
  fc.assert(
    fc.property(wild, fc.constantFrom('artist-album', 'flat', 'by-id'), text, (s, layout, ext) => {
      const segments = layoutPath(s, layout, ext).split('/')
      const most = { 'artist-album': 3, flat: 1, 'by-id': 2 }[layout]
      expect(segments.length).toBeLessThanOrEqual(most)
      for (const segment of segments) {
        expect(segment).toMatch(/^[^.\- ]/)
        expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(140)
      }
    }),
    { numRuns: 300 },
  )
})

describe('pathWithLabel', () => {
  test('the label stands before the extension', () => {
    expect(pathWithLabel('A/B/01 - C.flac', 'home-12')).toBe('A/B/01 - C [home-12].flac')
    expect(pathWithLabel('A.B/C', 'x')).toBe('A.B/C [x]')
  })

  test('long labels and long names stay within the budget, and different labels apart', () => {
    const long = `A/${'夜'.repeat(44)}.flac`
    const [one, two] = ['x'.repeat(300) + '1', 'x'.repeat(300) + '2'].map((label) =>
      pathWithLabel(long, label),
    )
    expect(one).not.toBe(two)
    for (const made of [one, two]) expect(Buffer.byteLength(made?.slice(2) ?? '')).toBeLessThanOrEqual(140)
    expect(one).toMatch(/\.flac$/)
  })
})

function thrownBy(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
