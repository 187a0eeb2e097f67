/** What a server said: the inside of `subsonic-response`, a failure in its own words, or something else. */
export type Reply =
  | { kind: 'ok'; body: Record<string, unknown> }
  | { kind: 'failed'; code: number | null; message: string }
  | { kind: 'other' }

/**
 * Reads an answer in JSON, or a failure in XML. Failures come with HTTP status 200, and from some servers
 * even with `status: "ok"`, or as `detail`: so they are looked for first.
 */
export function parseReply(text: string): Reply {
  const json = parseJson(text)
  if (json === null) return parseXmlFailure(text)
  const inner = json['subsonic-response']
  const body = isRecord(inner) ? inner : null
  const error = body?.['error']
  if (isRecord(error))
    return { kind: 'failed', code: codeOf(error['code']), message: words(error['message']) }
  const detail = body?.['detail'] ?? (body === null ? json['detail'] : undefined) ?? error
  if (typeof detail === 'string') return { kind: 'failed', code: null, message: words(detail) }
  if (body === null) return { kind: 'other' }
  if (body['status'] === 'failed') return { kind: 'failed', code: null, message: '' }
  return { kind: 'ok', body }
}

function parseXmlFailure(text: string): Reply {
  const tag = /<error\s[^>]{0,1000}/.exec(text.slice(0, 4_096))?.[0]
  if (tag === undefined || !text.includes('<subsonic-response')) return { kind: 'other' }
  const attribute = (name: string) => new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1]
  return { kind: 'failed', code: codeOf(attribute('code')), message: words(attribute('message')) }
}

function parseJson(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''))
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function codeOf(value: unknown): number | null {
  const code = typeof value === 'string' && value !== '' ? Number(value) : value
  return typeof code === 'number' && Number.isInteger(code) ? code : null
}

/** One line of at most 200 characters. */
const words = (value: unknown): string =>
  typeof value === 'string' ? value.replace(/\s+/g, ' ').trim().slice(0, 200) : ''
