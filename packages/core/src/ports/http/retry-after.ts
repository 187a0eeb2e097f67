/** A server that asks for more than this is asked again after it. */
const longestMs = 15 * 60_000
/** A server that says "at once" is still not hammered. */
const shortestMs = 1_000

/**
 * `Retry-After` (RFC 9110, §10.2.3), in seconds or as a date, as milliseconds from `now`: between one second
 * and 15 minutes. null if there is none, it is garbage, or its date has passed.
 */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  const text = header?.trim() ?? ''
  if (/^\d+$/.test(text)) return clamp(Number(text) * 1_000)
  if (!/^(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? /i.test(text)) return null
  // The oldest of the three forms names no zone; all of them are GMT.
  const at = Date.parse(/gmt$/i.test(text) ? text : `${text} GMT`)
  return Number.isNaN(at) || at <= now ? null : clamp(at - now)
}

const clamp = (ms: number): number => Math.min(longestMs, Math.max(shortestMs, ms))
