import { expect, test } from 'vitest'
import { toSong } from './songs.ts'

test('an entry of an older server', () => {
  const entry = {
    id: 'a0d8',
    title: 'Cold Day',
    artist: 'Macroform',
    album: 'Opsound Sampler',
    track: 1,
    discNumber: 2,
    year: 2004,
    duration: 244,
    bitRate: 79263,
    size: 2429133,
    suffix: 'FLAC',
    contentType: 'audio/flac',
    path: 'Macroform/01 - Cold Day.flac',
    isDir: false,
  }
  expect(toSong(entry)).toEqual({
    remoteId: 'a0d8',
    title: 'Cold Day',
    artists: ['Macroform'],
    album: 'Opsound Sampler',
    albumArtist: null,
    trackNo: 1,
    discNo: 2,
    year: 2004,
    durationMs: 244_000,
    size: 2429133,
    suffix: 'flac',
    isrc: null,
    mbid: null,
    locator: { path: 'Macroform/01 - Cold Day.flac', kbps: 79 },
  })
})

test('an entry of a newer server', () => {
  const entry = {
    id: 12,
    title: '夜',
    artist: 'A • B',
    artists: [
      { id: '1', name: 'A' },
      { id: '2', name: 'B' },
    ],
    displayAlbumArtist: 'A & C',
    albumArtists: [{ name: 'A' }, { name: 'C' }],
    bitRate: 320,
    isrc: ['DEA470400101', 'x'],
    musicBrainzId: 'b1a9c0e9-d987-4042-ae91-78d6a3267d69',
  }
  expect(toSong(entry)).toMatchObject({
    remoteId: '12',
    artists: ['A', 'B'],
    albumArtist: 'A & C',
    isrc: 'DEA470400101',
    mbid: 'b1a9c0e9-d987-4042-ae91-78d6a3267d69',
    locator: { path: null, kbps: 320 },
  })
})

test('what servers write for a missing tag is no name, 0 is no number, and a track is one of an album', () => {
  for (const [artist, album] of [
    ['[unknown]', '[non-album tracks]'],
    ['[Unknown Artist]', '[Unknown Album]'],
  ]) {
    expect(toSong({ id: 'x', artist, album, year: 0, track: 1, duration: 0, size: 0 })).toMatchObject({
      title: 'x',
      artists: [],
      album: null,
      year: null,
      trackNo: null,
      durationMs: null,
      size: null,
    })
  }
})

test('without a title the file name is one', () => {
  expect(toSong({ id: 'x', path: 'a/b.c/07 - Ночь.flac' })).toMatchObject({ title: '07 - Ночь' })
  expect(toSong({ id: 'x', title: 'bell.ogg', path: 'a/bell.ogg' })).toMatchObject({ title: 'bell' })
  expect(toSong({ id: 'x', title: 'bell.ogg', path: 'a/01.ogg' })).toMatchObject({ title: 'bell.ogg' })
})

test.each([
  [null, 'the server does not describe it'],
  [{ title: 't' }, 'the server gives it no id'],
  [{ id: '1', isDir: true }, 'a folder, not a song'],
  [{ id: '1', isVideo: true }, 'a video, not a song'],
])('%j is no song', (entry, reason) => {
  expect(toSong(entry)).toMatchObject({ reason })
})
