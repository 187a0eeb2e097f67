/** `Application/JSON; charset=utf-8` → `application/json`; null if there is none. */
export const typeOf = (header: string | undefined): string | null =>
  header?.split(';', 1)[0]?.trim().toLowerCase() || null

/**
 * Types that no audio file is sent with: what says so is an error page, a login form or an archive.
 * `text/plain` is not among them: servers that do not know `.flac` say it.
 */
export const isTextType = (type: string | null): boolean =>
  type !== null && /^text\/(html|xml|css|javascript)$|[/+](json|xml)$|^application\/(zip|x-zip.*)$/.test(type)

/** Begins like JSON, HTML or XML, whatever its type: no audio container does. */
export const looksLikeText = (start: Buffer): boolean =>
  /^(\xef\xbb\xbf)?\s*(\{|\[|<)/.test(start.toString('latin1', 0, 64))
