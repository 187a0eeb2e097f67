/**
 * Runs `act` at once, and then again at most every `ms` while it keeps being asked for: a burst of events makes one
 * read at its begin and one behind its end.
 */
export function throttle(act: () => void, ms: number): { ask: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = false
  const run = () => {
    asked = false
    act()
    timer = setTimeout(() => {
      timer = undefined
      if (asked) run()
    }, ms)
  }
  return {
    ask: () => {
      asked = true
      if (timer === undefined) run()
    },
    stop: () => clearTimeout(timer),
  }
}
