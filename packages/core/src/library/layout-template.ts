/**
 * The grammar of DOWNLOAD_LAYOUT: segments parted by `/`, each of text and tokens. A token is
 * `{prefix name:00|name|"literal" suffix}`: the first alternative that has a value is taken; prefix and
 * suffix (no letters, digits or quotes) vanish with an empty value, as in `{track:00 - }` or `{ (year)}`.
 */
export const tokenNames = [
  'albumartist',
  'artist',
  'artists',
  'album',
  'title',
  'track',
  'disc',
  'year',
  'source',
  'id',
] as const
export type TokenName = (typeof tokenNames)[number]

export type Alternative =
  | { kind: 'value'; name: TokenName; /** Zero-padded to so many digits. */ digits: number }
  | { kind: 'literal'; text: string }

export type LayoutPart =
  | { kind: 'text'; text: string }
  | { kind: 'token'; prefix: string; alternatives: Alternative[]; suffix: string }

export interface Layout {
  /** Folders, and last the file's name without its extension. */
  segments: LayoutPart[][]
}

/** `position` counts characters from 0. */
export interface TemplateProblem {
  problem: string
  position: number
}

const deepest = 8

export function parseTemplate(template: string): Layout | TemplateProblem {
  const segments: LayoutPart[][] = [[]]
  let at = 0
  while (at < template.length) {
    const parts = segments.at(-1) ?? []
    const character = template[at] ?? ''
    if (character === '/') {
      if (parts.length === 0) return { problem: 'a folder without a name', position: at }
      segments.push([])
      at += 1
    } else if (character === '{') {
      const end = tokenEnd(template, at)
      if (end === -1) return { problem: 'this "{" is never closed', position: at }
      const token = parseToken(template.slice(at + 1, end), at + 1)
      if ('problem' in token) return token
      parts.push(token)
      at = end + 1
    } else if (character === '}') {
      return { problem: 'this "}" closes nothing', position: at }
    } else {
      const text = /^[^/{}]+/.exec(template.slice(at))?.[0] ?? character
      parts.push({ kind: 'text', text })
      at += text.length
    }
  }
  return checkSegments(segments, template)
}

function checkSegments(segments: LayoutPart[][], template: string): Layout | TemplateProblem {
  const position = template.length
  if (segments.at(-1)?.length === 0) return { problem: 'the file has no name', position }
  if (segments.length > deepest) return { problem: `more than ${deepest} segments`, position }
  const tellsSongsApart = segments
    .at(-1)
    ?.some(
      (p) => p.kind === 'token' && p.alternatives.some((a) => a.kind === 'value' && ownNames.has(a.name)),
    )
  if (!tellsSongsApart) {
    return { problem: "the file's name needs {title}, {track} or {id}, or all songs have the same", position }
  }
  return { segments }
}

const ownNames = new Set<TokenName>(['title', 'track', 'id'])

/** Index of the brace that closes the token; a quoted literal may hold one. -1: none. */
function tokenEnd(template: string, start: number): number {
  let quoted = false
  for (let at = start + 1; at < template.length; at += 1) {
    if (template[at] === '"') quoted = !quoted
    if (template[at] === '}' && !quoted) return at
  }
  return -1
}

function parseToken(inside: string, offset: number): LayoutPart | TemplateProblem {
  const prefix = /^[^\p{L}\p{N}"|{}:/]*/u.exec(inside)?.[0] ?? ''
  const alternatives: Alternative[] = []
  let at = prefix.length
  for (;;) {
    const rest = inside.slice(at)
    const literal = /^"([^"/]*)"/.exec(rest)
    const value = /^(\p{L}+)(?::(0+))?/u.exec(rest)
    if (literal) {
      alternatives.push({ kind: 'literal', text: literal[1] ?? '' })
      at += literal[0].length
    } else if (value) {
      const name = tokenNames.find((known) => known === value[1]?.toLowerCase())
      if (name === undefined) {
        return {
          problem: `there is no token "${value[1]}", the tokens are ${tokenNames.join(', ')}`,
          position: offset + at,
        }
      }
      alternatives.push({ kind: 'value', name, digits: value[2]?.length ?? 0 })
      at += value[0].length
    } else {
      return { problem: 'a token\'s name or a "literal" without "/" is expected here', position: offset + at }
    }
    if (inside[at] !== '|') break
    at += 1
  }
  const suffix = inside.slice(at)
  const wrong = /[\p{L}\p{N}"|{}:/]/u.exec(suffix)
  if (wrong) return { problem: `"${wrong[0]}" cannot stand here`, position: offset + at + wrong.index }
  return { kind: 'token', prefix, alternatives, suffix }
}
