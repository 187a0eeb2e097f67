/**
 * Full jitter: a wait drawn evenly from 0 to the exponential bound, so that many items that failed
 * together do not come back together (Brooker, "Exponential Backoff And Jitter", AWS 2015).
 * @param attempt 1 for the first wait
 * @param random from 0 to 1
 */
export function backoffMs(attempt: number, baseMs: number, maxMs: number, random: number): number {
  return Math.round(random * Math.min(maxMs, baseMs * 2 ** Math.min(attempt - 1, 30)))
}
