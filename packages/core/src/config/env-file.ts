/**
 * The text of catalogsync.env as lines that can be edited and put back together unchanged:
 * `bom + lines.map(line => line.text + line.end)` is the text that was parsed.
 *
 * The rules are those of the dotenv family, with every choice on the side of taking a value literally:
 * - `KEY=value`, `export KEY=value`, spaces around `=` allowed; a key is `[A-Za-z_][A-Za-z0-9_]*`.
 * - Unquoted values are trimmed of spaces and tabs; ` #` (after a space) begins a comment, `a#b` does not.
 * - `'single'`: every character is itself. `"double"`: `\n \r \t \" \\` are escapes, any other `\` is itself.
 * - One assignment is one line; a quote that is not closed on its line is a problem.
 * - Nothing is ever expanded: `$HOME`, `$(…)` and backticks are text.
 */
export interface EnvFile {
  bom: '' | '\uFEFF'
  lines: EnvLine[]
  problems: EnvProblem[]
}

interface LineBase {
  /** From 1. */
  number: number
  /** The line without its end. */
  text: string
  end: '' | '\n' | '\r\n'
}

export interface EnvAssignment extends LineBase {
  kind: 'assignment'
  key: string
  /** Unquoted and unescaped. */
  value: string
  quoting: Quoting
  exported: boolean
  /** `text.slice(valueStart, valueEnd)` is the value as written, with its quotes. */
  valueStart: number
  valueEnd: number
}

export type Quoting = 'none' | 'single' | 'double'
export type EnvLine = EnvAssignment | (LineBase & { kind: 'blank' | 'comment' | 'malformed' })

/** What is wrong, for the operator. Never holds a value. */
export interface EnvProblem {
  line: number | null
  key: string | null
  problem: string
}

/** Parses the whole text; what cannot be understood is a `malformed` line and a problem, never an exception. */
export function parseEnv(text: string): EnvFile {
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : ''
  const file: EnvFile = { bom, lines: [], problems: [] }
  const firstLineOf = new Map<string, number>()
  for (const base of splitLines(text.slice(bom.length))) {
    const line = parseLine(base, file.problems)
    file.lines.push(line)
    if (line.kind !== 'assignment') continue
    const first = firstLineOf.get(line.key)
    if (first === undefined) firstLineOf.set(line.key, line.number)
    else {
      const problem = `is set twice, on line ${first} and on line ${line.number}; keep one of them`
      file.problems.push({ line: line.number, key: line.key, problem })
    }
  }
  return file
}

/** The assignments by key; of a key that is set twice (which is a problem), the first. */
export function assignmentsOf(file: EnvFile): Map<string, EnvAssignment> {
  const byKey = new Map<string, EnvAssignment>()
  for (const line of file.lines) {
    if (line.kind === 'assignment' && !byKey.has(line.key)) byKey.set(line.key, line)
  }
  return byKey
}

/** The text again, byte for byte as it was parsed if no line was changed. */
export function renderEnv(file: EnvFile): string {
  return file.bom + file.lines.map((line) => line.text + line.end).join('')
}

function* splitLines(text: string): Generator<LineBase> {
  let start = 0
  for (let number = 1; start < text.length; number++) {
    const newline = text.indexOf('\n', start)
    const stop = newline === -1 ? text.length : newline
    const crlf = newline > start && text[newline - 1] === '\r'
    const end = newline === -1 ? '' : crlf ? '\r\n' : '\n'
    yield { number, text: text.slice(start, crlf ? stop - 1 : stop), end }
    start = stop + (newline === -1 ? 0 : 1)
  }
}

function parseLine(base: LineBase, problems: EnvProblem[]): EnvLine {
  const malformed = (key: string | null, problem: string): EnvLine => {
    problems.push({ line: base.number, key, problem })
    return { ...base, kind: 'malformed' }
  }
  const { text } = base
  if (/[\0\r]/.test(text))
    return malformed(null, 'holds a NUL or a lone carriage return; this is not a text line')
  if (/^[ \t]*$/.test(text)) return { ...base, kind: 'blank' }
  if (/^[ \t]*#/.test(text)) return { ...base, kind: 'comment' }
  const equals = text.indexOf('=')
  if (equals === -1) return malformed(null, 'has no "="; a line is KEY=value, a # comment, or empty')
  const head = /^(export[ \t]+)?([A-Za-z_][A-Za-z0-9_]*)$/.exec(text.slice(0, equals).trim())
  const key = head?.[2]
  if (!head || key === undefined) {
    return malformed(null, 'does not begin with a key; a key is made of letters, digits and "_", then "="')
  }
  const value = parseValue(text, skipBlanks(text, equals + 1))
  if ('problem' in value) return malformed(key, value.problem)
  return { ...base, kind: 'assignment', key, exported: head[1] !== undefined, ...value }
}

function skipBlanks(text: string, at: number): number {
  while (text[at] === ' ' || text[at] === '\t') at++
  return at
}

type ParsedValue = Pick<EnvAssignment, 'value' | 'quoting' | 'valueStart' | 'valueEnd'> | { problem: string }

function parseValue(text: string, valueStart: number): ParsedValue {
  const quote = text[valueStart]
  if (quote !== "'" && quote !== '"') return parseUnquoted(text, valueStart)
  const close = closingQuote(text, valueStart, quote)
  if (close === -1) return { problem: `has a ${quote} that is not closed on the same line` }
  const valueEnd = close + 1
  if (!/^[ \t]*($|[ \t]#)/.test(text.slice(valueEnd))) {
    return { problem: `has text after the closing ${quote}; only a comment may follow` }
  }
  const inside = text.slice(valueStart + 1, close)
  return quote === "'"
    ? { value: inside, quoting: 'single', valueStart, valueEnd }
    : { value: inside.replace(/\\([nrt"\\])/g, unescape), quoting: 'double', valueStart, valueEnd }
}

function parseUnquoted(text: string, valueStart: number): ParsedValue {
  // The space that makes "#" a comment may be the one after "=": `KEY= # nothing yet`.
  let valueEnd = text.length
  for (let at = text.indexOf('#', valueStart); at !== -1; at = text.indexOf('#', at + 1)) {
    if (text[at - 1] !== ' ' && text[at - 1] !== '\t') continue
    valueEnd = at
    break
  }
  while (valueEnd > valueStart && (text[valueEnd - 1] === ' ' || text[valueEnd - 1] === '\t')) valueEnd--
  return { value: text.slice(valueStart, valueEnd), quoting: 'none', valueStart, valueEnd }
}

function closingQuote(text: string, open: number, quote: string): number {
  for (let at = open + 1; at < text.length; at++) {
    if (text[at] === quote) return at
    if (quote === '"' && text[at] === '\\') at++
  }
  return -1
}

const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' }

function unescape(_: string, letter: string): string {
  return escapes[letter] ?? letter
}

/**
 * A value as it is written after `KEY=`: always one line, and `parseEnv` reads exactly `value` back.
 * Throws a RangeError for NUL and for half of a surrogate pair, which no UTF-8 file can hold.
 */
export function serialiseValue(value: string): string {
  if (/[\0\p{Cs}]/u.test(value)) throw new RangeError('not text that a file can hold')
  if (/^[^\s'"`#\\$\p{Cc}\uFEFF]*$/u.test(value)) return value
  if (!/['\r\n]/.test(value)) return `'${value}'`
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${escaped}"`
}
