/**
 * One segment of a path that every file system we meet takes: ext4, btrfs, exFAT, NTFS, SMB, APFS and
 * Synology's encrypted folders (143 bytes a name). 140 bytes leave room for what others put behind it.
 */
export const maxSegmentBytes = 140

export interface SegmentOptions {
  /** UTF-8 bytes of the whole segment, suffix and extension included. At least 48. */
  maxBytes?: number
  /** Kept whole when the text is cut: ` [home-12]`. */
  suffix?: string
  /** Kept whole, with its dot: `.flac`. */
  extension?: string
  /** Used when nothing of the text is left. */
  fallback?: string
}

/**
 * Text of any kind → one path segment: NFC, without control characters, separators, names that Windows
 * keeps for itself, a leading `.` or `-`, a trailing dot or space; cut between graphemes.
 * Never empty, never `.` or `..`.
 */
export function safeSegment(text: string, options: SegmentOptions = {}): string {
  const extension = cleanExtension(options.extension ?? '')
  const suffix = options.suffix === undefined ? '' : mapCharacters(options.suffix).trimEnd()
  const budget = (options.maxBytes ?? maxSegmentBytes) - byteLength(suffix) - byteLength(extension)
  if (budget < 16) throw new RangeError('safeSegment: the suffix leaves no room for the name')
  const stem = cleanStem(text, budget) || cleanStem(options.fallback ?? '', budget) || 'Untitled'
  // A suffix or an extension ends the name, so a dot before it is safe; without one it is trimmed already.
  return stem + suffix + extension
}

/** Text as it may stand inside a segment; empty if nothing can be seen of it. */
export function cleanText(text: string): string {
  return trimEnds(mapCharacters(text.slice(0, longestText)))
}

/**
 * Two paths with the same key meet on a disk that folds case or normal forms (SMB, exFAT, APFS).
 * NFC of a full case folding: lower, upper, lower again makes ß, ẞ, ſ, K and final ς meet their partners,
 * which a single `toLowerCase` does not; it folds a little more than any one file system does.
 */
export function pathKey(path: string): string {
  const folded = path.normalize('NFD').toLowerCase().toUpperCase().normalize('NFD').toLowerCase()
  return folded.normalize('NFC')
}

/**
 * The name under which a song's bytes wait beside their final place. It begins with a dot (media servers
 * index what they see), no published name does; the id keeps it apart from every other song's.
 */
export function partName(stem: string, songId: number): string {
  const tail = `.s${songId}.part`
  return `.${safeSegment(stem, { maxBytes: maxSegmentBytes - 1 - byteLength(tail) })}${tail}`
}

/** The song whose part file bears this name; null for any other file. */
export function songIdOfPart(fileName: string): number | null {
  const match = /^\..+\.s(\d{1,15})\.part$/.exec(fileName)
  return match ? Number(match[1]) : null
}

/** Longer texts are cut before they are looked at: no name has room for them. */
const longestText = 4_096

function cleanStem(text: string, budget: number): string {
  const cleaned = guardStart(cleanText(text))
  return guardReserved(trimEnds(cutToBytes(cleaned, budget)), budget)
}

function mapCharacters(text: string): string {
  if (/^[^\u0000-\u001f\u007f-\uffff"*/:<>?\\|]*$/.test(text)) return text.replace(/ {2,}/g, ' ')
  return text
    .replace(/\s+/gu, ' ') // Line ends and wide spaces part words; the rest of the controls do not.
    .replace(invisible, '')
    .replace(joiner, '')
    .normalize('NFC')
    .replace(/: /g, ' - ')
    .replace(/"/g, "'")
    .replace(/[/\\<>:|?*]/g, '_')
    .replace(/ {2,}/g, ' ')
}

/** C0, C1, bidi controls, zero-width and other format characters, lone surrogates, noncharacters. */
const invisible =
  /[\p{Cc}\p{Surrogate}\p{Noncharacter_Code_Point}\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\u{e0000}-\u{e007f}]|\u034f/gu
/** A zero-width joiner stays only where it makes one emoji of two. */
const joiner =
  /(?<!\p{Extended_Pictographic}(?:\ufe0f|\p{Emoji_Modifier})?)\u200d|\u200d(?!\p{Extended_Pictographic})/gu

const trimEnds = (text: string): string => text.replace(/^ +|[. ]+$/g, '')

/** A leading dot hides a file, a leading dash is read as an option. */
const guardStart = (text: string): string => text.replace(/^[.-]/, '_')

// Windows keeps these with any extension, also behind spaces, and counts superscript digits
// (learn.microsoft.com, "Naming Files, Paths, and Namespaces").
const reservedByWindows = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?= *(\.|$))/i
/** Folders and files that a NAS or a desktop keeps for itself, and media servers skip. */
const reservedByDesktops = /^(@eadir|#recycle|#snapshot|@tmp|lost\+found|thumbs\.db|desktop\.ini)$/i

function guardReserved(text: string, budget: number): string {
  const guarded = text.replace(reservedByWindows, '$1_').replace(reservedByDesktops, '$&_')
  return byteLength(guarded) <= budget ? guarded : `_${cutToBytes(text, budget - 1)}`
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

/** The longest beginning of whole graphemes in so many UTF-8 bytes; of code points if the first is longer. */
function cutToBytes(text: string, bytes: number): string {
  if (byteLength(text) <= bytes) return text
  const whole = takeWhileFits(graphemeTexts(text), bytes)
  return whole || takeWhileFits(text, bytes)
}

function* graphemeTexts(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) yield segment
}

function takeWhileFits(pieces: Iterable<string>, bytes: number): string {
  let taken = ''
  let left = bytes
  for (const piece of pieces) {
    left -= byteLength(piece)
    if (left < 0) break
    taken += piece
  }
  return taken
}

function cleanExtension(extension: string): string {
  const letters = extension
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 8)
  return letters && `.${letters}`
}

const byteLength = (text: string): number => Buffer.byteLength(text)
