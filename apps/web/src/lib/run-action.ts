import type { Action } from './actions/action.ts'
import { ask } from './ask.ts'
import { sure } from './dialogs.svelte.ts'
import { t } from './i18n/i18n.svelte.ts'

/** Asks for what an action says, after the question that a risky one needs. */
export async function runAction<T extends { id: number }>(action: Action<T>, thing: T): Promise<void> {
  if (action.confirm !== undefined) {
    const { title, text } = action.confirm
    const yes = await sure({ title: t(title, { id: thing.id }), text: t(text), yes: t(action.title) })
    if (!yes) return
  }
  await ask(action.command(thing))
}
