import { composeMelody, type Mood } from './audio/melody.ts'
import { encodeFlac } from './audio/flac.ts'
import type { Note } from './audio/note.ts'
import { durationOf, render } from './audio/synth.ts'
import type { SongTags } from './audio/tags.ts'
import { encodeWav } from './audio/wav.ts'

export interface DemoSong {
  /** Relative to the demo folder, `/` between segments. */
  path: string
  tags: SongTags
  durationSeconds: number
  notes: Note[]
}

interface Album {
  title: string
  artist: string
  year: number
  genre: string
  format: 'flac' | 'wav'
  mood: Mood
  /** Titles; a pair also names the artists, where they are not the album's. */
  discs: (string | [title: string, ...artists: string[]])[][]
}

const albums: Album[] = [
  {
    title: 'Café à minuit',
    artist: 'Amélie Brûlé',
    year: 2019,
    genre: 'Chanson',
    format: 'flac',
    mood: { scale: 'major', tonic: 60, beatsPerMinute: 132, lead: 'piano' },
    discs: [
      ['Étude du matin', 'Pluie légère', 'Où va la rivière', 'Déjà l’été', 'Noël sans neige', 'La fenêtre'],
    ],
  },
  {
    title: 'Ночь',
    artist: 'Вера Полынова',
    year: 2011,
    genre: 'Folk',
    format: 'flac',
    mood: { scale: 'minor', tonic: 57, beatsPerMinute: 108, lead: 'flute' },
    discs: [['Первый снег', 'Ночь', 'Тихая вода', 'Фонари', 'Дорога домой', 'Рассвет']],
  },
  {
    title: '夜',
    artist: '林夜',
    year: 2016,
    genre: 'Ambient',
    format: 'flac',
    mood: { scale: 'pentatonic', tonic: 62, beatsPerMinute: 96, lead: 'pluck' },
    discs: [['夜', '月光', '雨後', '海邊的燈', '歸途', '清晨']],
  },
  {
    title: 'On/Off',
    artist: 'TX/RX',
    year: 2004,
    genre: 'Electronic',
    format: 'flac',
    mood: { scale: 'dorian', tonic: 55, beatsPerMinute: 140, lead: 'organ' },
    discs: [['Carrier', 'Handshake', 'Echo/Reply', 'Half Duplex', 'End of Transmission']],
  },
  {
    title: 'Tides',
    artist: 'The Harbour Lights',
    year: 1998,
    genre: 'Rock',
    format: 'flac',
    mood: { scale: 'major', tonic: 58, beatsPerMinute: 120, lead: 'organ' },
    discs: [
      ['Ebb', 'Slack Water', 'Lighthouse', 'Salt', 'The Long Pier'],
      ['Flood', 'Moonrise', 'Kelp', 'Rope and Anchor', 'Home Port'],
    ],
  },
  {
    title: 'Tape Loops',
    artist: 'Field Notes',
    year: 1987,
    genre: 'Experimental',
    format: 'wav',
    mood: { scale: 'dorian', tonic: 64, beatsPerMinute: 150, lead: 'bell' },
    discs: [['Kettle', 'Stairwell', 'Garden Gate', 'Radio Hum']],
  },
  {
    title: 'Small Hours',
    artist: 'Various Artists',
    year: 2021,
    genre: 'Jazz',
    format: 'flac',
    mood: { scale: 'dorian', tonic: 61, beatsPerMinute: 116, lead: 'bell' },
    discs: [
      [
        ['Two Trains', 'Juniper Lane'],
        ['Água', 'Mateus Sá', 'Inês Prado'],
        ['Vinterljus', 'Olle Bergström'],
      ],
    ],
  },
]

/** Every song of the demo library, album by album. */
export function demoSongs(): DemoSong[] {
  return albums.flatMap((album, albumIndex) =>
    album.discs.flatMap((disc, discIndex) =>
      disc.map((entry, index) => {
        const [title, ...artists] = typeof entry === 'string' ? [entry] : entry
        const tags: SongTags = {
          title,
          artists: artists.length > 0 ? artists : [album.artist],
          album: album.title,
          albumArtist: album.artist,
          trackNo: index + 1,
          trackTotal: disc.length,
          discNo: discIndex + 1,
          discTotal: album.discs.length,
          year: album.year,
          genre: album.genre,
        }
        const seed = albumIndex * 1000 + discIndex * 100 + index
        const notes = composeMelody(seed, album.mood, 2.5 + ((seed * 7) % 25) / 10)
        return { path: pathOf(tags, album.format), tags, durationSeconds: durationOf(notes), notes }
      }),
    ),
  )
}

/** The whole file: played, encoded and tagged; the same bytes every time. */
export function songFile(song: DemoSong): Uint8Array {
  const pcm = render(song.notes, 22_050)
  return song.path.endsWith('.wav') ? encodeWav(pcm, song.tags) : encodeFlac(pcm, song.tags)
}

function pathOf(tags: SongTags, format: Album['format']): string {
  const disc = tags.discTotal > 1 ? [`Disc ${tags.discNo}`] : []
  const name = `${String(tags.trackNo).padStart(2, '0')} - ${tags.title}.${format}`
  return [tags.albumArtist, tags.album, ...disc, name]
    .map((segment) => segment.replaceAll('/', '_'))
    .join('/')
}
