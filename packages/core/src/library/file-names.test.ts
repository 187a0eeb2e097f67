import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanText, maxSegmentBytes, partName, pathKey, safeSegment, songIdOfPart } from './file-names.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 400 }),
  fc.string({ unit: 'grapheme-composite', maxLength: 200 }),
  // Code units: lone surrogates among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 }).map((u) => String.fromCharCode(...u)),
  fc
    .array(
      fc.constantFrom('..', '/', '\\', '.', ' ', '-', 'con', 'NUL', ':', '\u202e', '\u0301', '夜', '👩‍🚀'),
      {
        maxLength: 80,
      },
    )
    .map((parts) => parts.join('')),
)

const hostile = [
  '',
  '.',
  '..',
  '...',
  '....',
  ' ',
  '  . ',
  '/',
  '\\',
  '//',
  '../..',
  '../../etc/passwd',
  '..\\..\\x',
  '/etc/passwd',
  'C:\\x',
  'a/b',
  'a\\b',
  'AC/DC',
  '\0',
  'a\0b',
  'a\nb',
  '\x1b[31m',
  '\x7f',
  '\x85',
  '\u202egnp.exe',
  '\u200f',
  '\ufeff',
  '\u2066x\u2069',
  'é',
  'e\u0301',
  'Ａ',
  'ﬁ',
  'x'.repeat(300),
  '夜'.repeat(100),
  '👩‍👩‍👧‍👦'.repeat(30),
  'a' + '\u0301'.repeat(500),
  'CON',
  'con',
  'NUL',
  'NUL.',
  'nul.txt',
  'aux .txt',
  'COM1',
  'COM¹',
  'LPT9.flac',
  'COM0',
  'CONIN$',
  'trailing.',
  'trailing ',
  ' leading',
  '-rf',
  '--',
  '.hidden',
  '\ud800',
  'x\udc00y',
  '%2e%2e',
  '%2e%2e%2f',
  '%00',
  '~',
  '~root',
  '$HOME',
  '`id`',
  '*',
  '?',
  '<>:"|?*',
  'a:b',
  'a: b',
  'Thumbs.db',
  '@eaDir',
  '#recycle',
  'x.part',
  '.x.s1.part',
  'desktop.ini',
  'ﷺ'.repeat(60),
  '\u2028',
  '\u3000',
  '\u00a0',
  '\ufffe',
  '\u{e0041}',
  '１',
  'İ',
  'ß',
]

function expectSafe(segment: string): void {
  expect(segment).not.toBe('')
  expect(segment).not.toMatch(/^[.\- ]|[. ]$/)
  expect(segment).not.toMatch(/[\u0000-\u001f\u007f-\u009f/\\<>:"|?*\u202a-\u202e\u2066-\u2069\u200b\ufeff]/)
  expect(segment).toBe(segment.normalize('NFC'))
  expect(segment).not.toMatch(/\p{Surrogate}/u)
  expect(Buffer.byteLength(segment)).toBeLessThanOrEqual(maxSegmentBytes)
  expect(segment).not.toMatch(/^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i)
}

describe('safeSegment', () => {
  test('any text becomes a segment that every file system takes', () => {
    fc.assert(
      fc.property(anyText, (text) => expectSafe(safeSegment(text))),
      { numRuns: 1_000 },
    )
    fc.assert(
      fc.property(anyText, (text) => expectSafe(safeSegment(text, { extension: '.flac' }))),
      { numRuns: 500 },
    )
  })

  test.each(hostile.map((name) => [JSON.stringify(name), name]))('%s is tamed', (_, name) => {
    expectSafe(safeSegment(name))
    expectSafe(safeSegment(name, { extension: '.flac', suffix: ' [home-12]' }))
  })

  test('a safe name stays as it is, and taming twice changes nothing', () => {
    for (const name of [
      'Café del Mar',
      'Ночь',
      '夜に駆ける',
      '01 - Cold Day',
      'R.E.M',
      '👩‍🚀 Space',
      "Guns N' Roses",
    ]) {
      expect(safeSegment(name)).toBe(name)
    }
    fc.assert(
      fc.property(anyText, (text) => {
        const once = safeSegment(text)
        expect(safeSegment(once)).toBe(once)
      }),
      { numRuns: 1_000 },
    )
  })

  test('characters with a meaning to a file system are mapped', () => {
    expect(safeSegment('AC/DC')).toBe('AC_DC')
    expect(safeSegment('Suite: Part "2"?')).toBe("Suite - Part '2'_")
    expect(safeSegment('two\n  lines\u3000here')).toBe('two lines here')
    expect(safeSegment('.hidden')).toBe('_hidden')
    expect(safeSegment('-rf')).toBe('_rf')
    expect(safeSegment('R.E.M.')).toBe('R.E.M')
    expect(safeSegment('e\u0301')).toBe('é')
    expect(safeSegment('\u202egnp.exe')).toBe('gnp.exe')
    expect(safeSegment('@eaDir')).toBe('@eaDir_')
  })

  test('names that Windows keeps for itself get an underscore', () => {
    expect(safeSegment('CON')).toBe('CON_')
    expect(safeSegment('aux .txt')).toBe('aux_ .txt')
    expect(safeSegment('COM¹')).toBe('COM¹_')
    expect(safeSegment('nul', { extension: 'mp3' })).toBe('nul_.mp3')
    expect(safeSegment('Console')).toBe('Console')
  })

  test('a long name is cut between graphemes, and keeps its suffix and extension', () => {
    const cut = safeSegment('夜'.repeat(100), { suffix: ' [home-12]', extension: 'flac' })
    expect(cut).toMatch(/^夜+ \[home-12\]\.flac$/)
    expect(Buffer.byteLength(cut)).toBeGreaterThan(maxSegmentBytes - 3)
    const family = safeSegment('👩‍👩‍👧‍👦'.repeat(30))
    expect(family.length % '👩‍👩‍👧‍👦'.length).toBe(0)
    expect(safeSegment('a' + '\u0301'.repeat(500)).length).toBeGreaterThan(1)
  })

  test('a name cut to a reserved word is guarded too', () => {
    expectSafe(safeSegment('con.' + ' '.repeat(3) + 'x'.repeat(200), { maxBytes: 48 }))
  })

  test('nothing visible gives the fallback', () => {
    expect(safeSegment('\u200b..', { fallback: 'Unknown Artist' })).toBe('Unknown Artist')
    expect(safeSegment('', { fallback: '/' })).toBe('_')
    expect(safeSegment('...', { fallback: '..' })).toBe('Untitled')
    expect(cleanText(' \u200b ')).toBe('')
  })
})

describe('pathKey', () => {
  test('names that meet on a folding disk have one key', () => {
    const pairs = [
      ['Café', 'CAFE\u0301'],
      ['straße', 'STRASSE'],
      ['ẞ', 'ß'],
      ['ΟΔΟΣ', 'οδος'],
      ['οδοσ', 'οδος'],
      ['Ω', 'Ω'],
      ['K', 'k'],
      ['ſ', 's'],
      ['ǅ', 'ǆ'],
      ['ﬃ', 'FFI'],
    ] as const
    for (const [a, b] of pairs) expect(pathKey(a), `${a} ${b}`).toBe(pathKey(b))
    expect(pathKey('a/b')).not.toBe(pathKey('a_b'))
    expect(pathKey('夜')).not.toBe(pathKey('昼'))
  })

  test('case and normal form never change the key', () => {
    const word = fc.string({ unit: fc.constantFrom(...'aZéÅßΣςσİıЖж夜ŉǰΐ'), maxLength: 30 })
    fc.assert(
      fc.property(word, (text) => {
        const key = pathKey(text)
        expect(pathKey(text.toUpperCase())).toBe(key)
        expect(pathKey(text.normalize('NFD'))).toBe(key)
        expect(pathKey(key)).toBe(key)
      }),
    )
  })
})

describe('partName', () => {
  test('it is hidden, short enough, and tells its song', () => {
    fc.assert(
      fc.property(anyText, fc.nat(), (stem, id) => {
        const name = partName(stem, id)
        expect(name.startsWith('.')).toBe(true)
        expect(Buffer.byteLength(name)).toBeLessThanOrEqual(maxSegmentBytes)
        expect(songIdOfPart(name)).toBe(id)
      }),
    )
    expect(partName('01 - Cold Day', 7)).toBe('.01 - Cold Day.s7.part')
  })

  test('no published name is taken for a part', () => {
    for (const name of hostile) expect(songIdOfPart(safeSegment(name, { extension: 'part' }))).toBeNull()
  })
})
