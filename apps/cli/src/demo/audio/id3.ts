import type { SongTags } from './tags.ts'

/** An ID3v2.4 tag, its texts in UTF-8. */
export function id3Tag(tags: SongTags): Buffer {
  const frames = Buffer.concat([
    textFrame('TIT2', tags.title),
    textFrame('TPE1', tags.artists.join('\0')),
    textFrame('TALB', tags.album),
    textFrame('TPE2', tags.albumArtist),
    textFrame('TRCK', `${tags.trackNo}/${tags.trackTotal}`),
    textFrame('TPOS', `${tags.discNo}/${tags.discTotal}`),
    textFrame('TDRC', String(tags.year)),
    textFrame('TCON', tags.genre),
  ])
  return Buffer.concat([Buffer.from('ID3\x04\0\0', 'latin1'), syncsafe(frames.length), frames])
}

function textFrame(id: string, text: string): Buffer {
  const utf8 = 3
  const body = Buffer.concat([Buffer.from([utf8]), Buffer.from(text, 'utf8')])
  return Buffer.concat([Buffer.from(id, 'latin1'), syncsafe(body.length), Buffer.alloc(2), body])
}

/** 28 bits in four bytes whose highest bit is 0, so that no length looks like the start of an MPEG frame. */
function syncsafe(length: number): Buffer {
  return Buffer.from([21, 14, 7, 0].map((shift) => (length >>> shift) & 0x7f))
}
