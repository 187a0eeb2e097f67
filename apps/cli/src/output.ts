import { errorText, type AppError, type Language } from '@catalogsync/contract'
import type { Io } from './io.ts'
import { commonText } from './messages/common.ts'
import { painter, type Paint } from './text/colour.ts'
import { plain } from './text/width.ts'

/** How a verb speaks: to people in sentences, with `--json` in documents, never both on stdout. */
export interface Output {
  readonly json: boolean
  readonly language: Language
  readonly paint: Paint
  /** Lines for people; nothing with `--json`. */
  say(...lines: string[]): void
  /** A JSON document, one line; nothing without `--json`. */
  give(document: unknown): void
  /** Something to know that changes nothing: on stderr, in both modes. */
  warn(message: string): void
  fail(error: AppError): void
}

export function createOutput(io: Io, json: boolean, language: Language): Output {
  const text = commonText(language)
  const noColour = Boolean(io.env['NO_COLOR']) || io.env['TERM'] === 'dumb'
  const paint = painter(io.out.isTTY && !noColour && !json)
  const paintError = painter(io.err.isTTY && !noColour)
  return {
    json,
    language,
    paint,
    say: (...lines) => {
      if (!json && lines.length > 0) io.out.write(`${lines.join('\n')}\n`)
    },
    give: (document) => {
      if (json) io.out.write(`${JSON.stringify(document)}\n`)
    },
    warn: (message) => io.err.write(`${paintError('warn', text.warning(lines(message)))}\n`),
    fail: (error) => {
      const message = errorText(error.code, error.facts, language)
      if (json)
        io.out.write(`${JSON.stringify({ error: { code: error.code, facts: error.facts, message } })}\n`)
      else io.err.write(`${paintError('bad', text.error(lines(message)))}\n`)
    },
  }
}

/** Line ends may stay, everything else that steers a terminal may not. */
const lines = (message: string): string => message.split('\n').map(plain).join('\n')
