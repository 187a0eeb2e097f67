const tick = $state({ now: Date.now() })
let ahead = 0

/** The one clock that every relative time on a page reads, so that they change together. Server time, milliseconds. */
export const now = (): number => tick.now

/** What the server's clock says: a NAS may be minutes off, and "in 3 min" must still be true. */
export function setServerTime(at: number): void {
  ahead = at - Date.now()
}

/** Runs the clock, once a second while the page can be seen; returns what stops it. */
export function runClock(): () => void {
  const step = () => {
    if (!document.hidden) tick.now = Date.now() + ahead
  }
  const timer = setInterval(step, 1000)
  document.addEventListener('visibilitychange', step)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', step)
  }
}
