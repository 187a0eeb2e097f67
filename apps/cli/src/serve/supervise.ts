import type { ChildProcess } from 'node:child_process'
import { nextDelay } from './backoff.ts'

export type RunnerNews =
  | { state: 'started'; pid: number }
  | { state: 'died'; code: number | null; signal: string | null; cause: string | null; againInMs: number }

export interface Supervisor {
  /** Asks the runner to let go, and waits until it has; one that does not is killed. */
  stop(): Promise<void>
}

/** A runner ends within 10 s of being asked; one that has not is beyond asking. */
const insistMs = 11_000

/** Keeps one runner process alive: whenever it ends without being asked, it is started again after a while. */
export function superviseRunner(start: () => ChildProcess, tell: (news: RunnerNews) => void): Supervisor {
  let child: ChildProcess | null = null
  let again: NodeJS.Timeout | null = null
  let delay: number | null = null
  let stopping = false
  let ended: Promise<void> = Promise.resolve()

  function begin(): void {
    again = null
    const startedAt = performance.now()
    const mine = start()
    child = mine
    if (mine.pid !== undefined) tell({ state: 'started', pid: mine.pid })
    ended = new Promise((resolve) => {
      mine.once('exit', (code, signal) => over(code, signal, null))
      mine.once('error', (error) => over(null, null, error.message))
      function over(code: number | null, signal: string | null, cause: string | null): void {
        if (child !== mine) return // told already
        child = null
        resolve()
        if (stopping) return
        delay = nextDelay(delay, performance.now() - startedAt)
        tell({ state: 'died', code, signal, cause, againInMs: delay })
        again = setTimeout(begin, delay)
      }
    })
  }

  begin()
  return {
    async stop() {
      stopping = true
      if (again) clearTimeout(again)
      const mine = child
      if (mine === null) return
      mine.kill('SIGTERM')
      const insist = setTimeout(() => void mine.kill('SIGKILL'), insistMs)
      await ended
      clearTimeout(insist)
    },
  }
}
