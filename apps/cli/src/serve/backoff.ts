const firstMs = 1_000
const longestMs = 60_000

/**
 * How long to wait before the next start: doubled with every death, from 1 s to 60 s, and from the beginning again
 * for a process that has lived for a minute.
 * @param before the wait before the start that has just ended; null: it was the first
 */
export function nextDelay(before: number | null, livedMs: number): number {
  if (before === null || livedMs >= longestMs) return firstMs
  return Math.min(before * 2, longestMs)
}
