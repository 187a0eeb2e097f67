const long = 'ä'.repeat(126) // 252 bytes; with an extension of 3 it is a name of 255
/** Keys that every backend stores and gives back as they are. */
export const goodKeys = [
  'a.flac',
  'Artist/Album/01 - Song.flac',
  'é composed/café.mp3',
  'Кино/Группа крови.mp3',
  '周杰伦/夜曲.flac',
  '🎸/🎧 mix.ogg',
  `long/${long}.ab`,
  ' lead and trail /-rf',
  'odd/+ # % ? & = ; : , $ @ ! ~ * ( ) [ ] { } ^ ` \' ".wav',
  'a.flac.d/inside.flac',
  '%2e%2e/%2f.wav',
  '...dots/..x/x..',
]

/** Keys that every backend refuses, by what is wrong with them. */
export const badKeys = {
  'an empty key': '',
  'a leading slash': '/etc/passwd',
  'a trailing slash': 'a/',
  'an empty part': 'a//b',
  'a way up': '../escape.flac',
  'a way up in the middle': 'a/../../escape.flac',
  'a way up at the end': 'a/..',
  'a dot part': 'a/./b',
  'a NUL': 'a\0b',
  'a line end': 'a\nb',
  'a name in normal form D': 'cafe\u0301.mp3',
  'half a character': 'a\ud800b',
  'more than 1,024 bytes': `${'x/'.repeat(512)}x`,
}
