import { createHash } from 'node:crypto'
import { AppError } from '@catalogsync/contract'
import { cleanText, safeSegment } from './file-names.ts'
import { parseTemplate, type Layout, type TokenName } from './layout-template.ts'

/** What DOWNLOAD_LAYOUT may name instead of a template. */
export const layoutPresets = {
  'artist-album': '{albumartist|artist|"Unknown Artist"}/{album|"Singles"}/{disc-}{track:00 - }{title}',
  flat: '{artist|"Unknown Artist"} - {title}',
  'by-id': '{source}/{id}',
} as const satisfies Record<string, string>

/** What a layout needs to know of a song. */
export interface LayoutSong {
  sourceId: string
  remoteId: string
  title: string
  artists: string[]
  album: string | null
  albumArtist: string | null
  trackNo: number | null
  discNo: number | null
  year: number | null
}

/**
 * A preset's name or a template → a layout. Throws `invalid_input` that names the position of the problem.
 */
export function parseLayout(setting: string): Layout {
  const template = (layoutPresets as Record<string, string>)[setting] ?? setting
  const layout = parseTemplate(template)
  if ('problem' in layout) {
    const presets = Object.keys(layoutPresets).join(', ')
    throw new AppError('invalid_input', {
      what: `DOWNLOAD_LAYOUT "${setting}"`,
      problem: `${layout.problem} (character ${layout.position + 1}); presets: ${presets}`,
    })
  }
  return layout
}

/**
 * Where a song's file goes, relative to the library, `/` between segments. A folder whose tokens are all
 * empty is left out; a file name without any is the song's remote id. Values can never add a segment.
 * @param layout a parsed layout, a preset's name or a template
 * @param ext extension of the file as its bytes have it, with or without the dot
 */
export function layoutPath(song: LayoutSong, layout: Layout | string, ext: string): string {
  const { segments } = typeof layout === 'string' ? parseLayout(layout) : layout
  const values = tokenValues(song, ext)
  const rendered = segments.map((segment) => renderSegment(segment, values))
  const folders = rendered.slice(0, -1).filter((text) => text !== '')
  const fileName = rendered.at(-1) ?? ''
  return [
    ...folders.map((text) => safeSegment(text, { fallback: '_' })),
    safeSegment(fileName, { extension: ext, fallback: song.remoteId }),
  ].join('/')
}

/** The same path with ` [label]` before its extension, for when another song has the path already. */
export function pathWithLabel(path: string, label: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  const fileName = path.slice(folder.length)
  const extension = /\.[a-z0-9]{1,8}$/.exec(fileName.slice(1))?.[0] ?? ''
  const stem = fileName.slice(0, fileName.length - extension.length)
  return folder + safeSegment(stem, { suffix: ` [${shortLabel(label)}]`, extension })
}

/** Long labels are cut, and a hash keeps them apart. */
function shortLabel(label: string): string {
  const cleaned = safeSegment(label, { maxBytes: 48 })
  if (cleaned === label) return label
  return `${safeSegment(label, { maxBytes: 30 })} ${createHash('sha256').update(label).digest('hex').slice(0, 8)}`
}

type Values = Record<TokenName, string>

function tokenValues(song: LayoutSong, ext: string): Values {
  const artists = song.artists.map(cleanText).filter((name) => name !== '')
  return {
    albumartist: cleanText(song.albumArtist ?? ''),
    artist: artists[0] ?? '',
    artists: artists.join(', '),
    album: cleanText(song.album ?? ''),
    title: cleanText(song.title),
    track: numberText(song.trackNo),
    // From the second disc on: sources tell the disc, rarely how many there are.
    disc: (song.discNo ?? 1) > 1 ? numberText(song.discNo) : '',
    year: numberText(song.year),
    source: cleanText(song.sourceId),
    id: withoutExtension(cleanText(song.remoteId), ext),
  }
}

const numberText = (value: number | null): string => (value !== null && value > 0 ? String(value) : '')

/** Ids of some sources are file names: `a/b.flac` is not to become `a_b.flac.flac`. */
function withoutExtension(id: string, ext: string): string {
  const end = `.${ext.replace(/^\./, '').toLowerCase()}`
  return id.toLowerCase().endsWith(end) && id.length > end.length ? id.slice(0, -end.length) : id
}

/** Empty when none of its tokens has a value. */
function renderSegment(segment: Layout['segments'][number], values: Values): string {
  const parts = segment.map((part) => {
    if (part.kind === 'text') return { text: part.text, isText: true }
    const text = firstValue(part.alternatives, values)
    return { text: text && part.prefix + text + part.suffix, isText: false }
  })
  const hasTokens = segment.some((part) => part.kind === 'token')
  if (hasTokens && parts.every((part) => part.isText || part.text === '')) return ''
  return joinParts(parts)
}

/** Text that only separates (` - `) stands between two values, never before the first or after the last. */
function joinParts(parts: { text: string; isText: boolean }[]): string {
  let joined = ''
  let separator = ''
  for (const { text, isText } of parts) {
    if (text === '') continue
    if (isText && /^[\s\-_.,·–—]+$/.test(text)) {
      separator ||= joined && text
    } else {
      joined += separator + text
      separator = ''
    }
  }
  return joined
}

function firstValue(
  alternatives: Extract<Layout['segments'][number][number], { kind: 'token' }>['alternatives'],
  values: Values,
): string {
  for (const alternative of alternatives) {
    if (alternative.kind === 'literal') return alternative.text
    const value = values[alternative.name]
    if (value !== '') return value.padStart(alternative.digits, '0')
  }
  return ''
}
