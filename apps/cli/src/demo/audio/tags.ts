/** What a song says of itself. */
export interface SongTags {
  title: string
  artists: string[]
  album: string
  albumArtist: string
  trackNo: number
  trackTotal: number
  discNo: number
  discTotal: number
  year: number
  genre: string
}

/** Sound: one channel, 16 bits. */
export interface Pcm {
  samples: Int16Array
  sampleRate: number
}
