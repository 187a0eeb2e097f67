/** Containers that the library takes, by the extension that their files get. */
export const audioSuffixes = ['flac', 'ogg', 'opus', 'wav', 'mp3', 'm4a', 'aac', 'aiff', 'ape', 'wv'] as const
export type AudioSuffix = (typeof audioSuffixes)[number]

export type Sniffed = { suffix: AudioSuffix } | { problem: string }

/** How many bytes of a file's beginning `sniffAudio` wants; fewer if the file is shorter. */
export const sniffBytes = 4_096

/**
 * What a file is by its first bytes: an audio container, or words for what it is instead. An error page
 * saved under an audio name is the usual case of the latter.
 * @param head the first `sniffBytes` bytes; behind an ID3v2 tag, those that follow it
 */
export function sniffAudio(head: Buffer): Sniffed {
  if (head.length === 0) return { problem: 'the file is empty' }
  const found = containers.find(({ is }) => is(head))
  if (found) return { suffix: found.suffix }
  return { problem: `not audio: ${describe(head)}` }
}

/** Length of an ID3v2 tag at the beginning, header and footer included; 0 if there is none (id3.org, §3.1). */
export function id3v2Length(head: Buffer): number {
  if (head.length < 10 || ascii(head, 0, 3) !== 'ID3') return 0
  const size = [6, 7, 8, 9].reduce((sum, at) => sum * 128 + ((head[at] ?? 0) & 0x7f), 0)
  const hasFooter = ((head[5] ?? 0) & 0x10) !== 0
  return 10 + size + (hasFooter ? 10 : 0)
}

const containers: { suffix: AudioSuffix; is: (head: Buffer) => boolean }[] = [
  { suffix: 'flac', is: (h) => ascii(h, 0, 4) === 'fLaC' },
  { suffix: 'opus', is: (h) => ascii(h, 0, 4) === 'OggS' && firstPacket(h).startsWith('OpusHead') },
  {
    suffix: 'ogg',
    is: (h) => ascii(h, 0, 4) === 'OggS' && /^(\x01vorbis|\x7fFLAC|Speex )/.test(firstPacket(h)),
  },
  { suffix: 'wav', is: (h) => /^(RIFF|RF64|BW64)$/.test(ascii(h, 0, 4)) && ascii(h, 8, 12) === 'WAVE' },
  { suffix: 'aiff', is: (h) => ascii(h, 0, 4) === 'FORM' && /^AIF[FC]$/.test(ascii(h, 8, 12)) },
  { suffix: 'm4a', is: (h) => ascii(h, 4, 8) === 'ftyp' },
  { suffix: 'ape', is: (h) => ascii(h, 0, 4) === 'MAC ' },
  { suffix: 'wv', is: (h) => ascii(h, 0, 4) === 'wvpk' },
  { suffix: 'aac', is: (h) => h[0] === 0xff && ((h[1] ?? 0) & 0xf6) === 0xf0 },
  { suffix: 'mp3', is: isMpegAudio },
]

/** Frame sync, a layer, a bit rate and a sample rate that exist (ISO 11172-3, 2.4.1.3). */
function isMpegAudio(h: Buffer): boolean {
  const [sync, flags, rates] = [h[0] ?? 0, h[1] ?? 0, h[2] ?? 0]
  const known =
    (flags & 0x18) !== 0x08 && (flags & 0x06) !== 0 && rates >> 4 !== 15 && (rates & 0x0c) !== 0x0c
  return sync === 0xff && (flags & 0xe0) === 0xe0 && known
}

/** Beginning of the first packet of an Ogg page: behind the segment table (RFC 3533, §6). */
const firstPacket = (h: Buffer): string => ascii(h, 27 + (h[26] ?? 0), 27 + (h[26] ?? 0) + 8)

const ascii = (h: Buffer, from: number, to: number): string => h.toString('latin1', from, to)

const others: [RegExp, string][] = [
  [/^#EXTM3U/, 'a playlist'],
  [/^(\{|\[)/, 'a JSON answer'],
  [/^<(!doctype\s+html|html|head|body)/i, 'an HTML page'],
  [/^</, 'an XML document or a page'],
  [/^PK\x03\x04/, 'a ZIP archive'],
  [/^Rar!/, 'a RAR archive'],
  [/^\x1f\x8b/, 'a gzip archive'],
  [/^%PDF/, 'a PDF document'],
  [/^(\xff\xd8\xff|\x89PNG|GIF8|RIFF....WEBP)/s, 'a picture'],
  [/^\x30\x26\xb2\x75/, 'a Windows Media file, which is not supported'],
  [/^\x1a\x45\xdf\xa3/, 'a Matroska or WebM file, which is not supported'],
  [/^OggS/, 'an Ogg file without Vorbis, Opus or FLAC'],
  [/^(DSD |FRM8)/, 'a DSD file, which is not supported'],
]

function describe(head: Buffer): string {
  const text = head
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
  const known = others.find(([pattern]) => pattern.test(text))
  if (known) return known[1]
  if (head.every((byte) => byte === 0)) return 'nothing but zeros'
  if (/^[\t\n\r\x20-\x7e\x80-\xff]+$/.test(text.slice(0, 512)) && /^[\t\n\r\x20-\x7e]{16}/.test(text))
    return 'plain text'
  return `an unknown format that begins with ${head.toString('hex', 0, 8)}`
}
