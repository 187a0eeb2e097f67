import { Aborted, untilAborted } from './abortable.ts'
import { classifyError } from './classify.ts'
import type { CallContext } from '../ports/index.ts'
import type { ExecutorContext, GateRef, Outcome } from './outcome.ts'

/**
 * Runs one attempt to its outcome: whatever it throws becomes one, and an abort ends it at once as
 * `released`, also while an adapter or a mount does not listen.
 */
export async function attempt(
  ctx: Pick<ExecutorContext, 'signal'>,
  port: GateRef,
  run: () => Promise<Outcome>,
): Promise<Outcome> {
  try {
    if (ctx.signal.aborted) throw new Aborted('aborted')
    return await untilAborted(run(), ctx.signal)
  } catch (error) {
    return classifyError(error, { port, signal: ctx.signal })
  }
}

/** What an adapter gets to see of the context: no settings, whose secrets are not its own. */
export const portContext = ({ signal, log }: ExecutorContext): CallContext => ({ signal, log })
