import type { CommandInput, CommandView } from '@catalogsync/contract'
import { api, problemText } from './api.ts'
import { language, t } from './i18n/i18n.svelte.ts'
import { live } from './live/live.svelte.ts'
import { commandLook } from './states/look.ts'
import { settleToast, toast } from './toasts.svelte.ts'

/** Commands that were asked for here and have not ended: what to say when they do. */
const open = new Map<number, { toast: number; command: string; job: number }>()

/** Sends a command and says what became of it: asked for, waits for a runner, done, or refused and why. */
export async function ask(input: CommandInput): Promise<void> {
  const command = t(`command.${input.type}`)
  const job = input.jobRunId
  try {
    const sent = await api().jobs.command.mutate(input)
    const waiting = live()?.runners.every((runner) => !runner.alive) ?? false
    const text = t(waiting ? 'command.waiting' : 'command.sent', { command, id: job })
    open.set(sent.commandId, { toast: toast(commandLook.pending, text), command, job })
    await settleAsked()
  } catch (error) {
    const reason = problemText(error, language())
    toast(commandLook.rejected, t('command.rejected', { command, id: job, reason }))
  }
}

/** Looks after the commands that were asked for here; called whenever something has moved. */
export async function settleAsked(): Promise<void> {
  const waiting = new Set(live()?.pendingCommands.map(({ id }) => id))
  for (const id of [...open.keys()].filter((id) => !waiting.has(id))) {
    const view = await api()
      .jobs.commandStatus.query({ id })
      .catch(() => undefined)
    if (view === undefined || view.status === 'pending' || view.status === 'applying') continue
    const asked = open.get(id)
    if (!open.delete(id) || asked === undefined) continue
    settleToast(asked.toast, commandLook[view.status], endText(view, asked))
  }
}

function endText(view: CommandView, asked: { command: string; job: number }): string {
  const facts = { command: asked.command, id: asked.job, reason: view.reason ?? '' }
  if (view.status === 'rejected') return t('command.rejected', facts)
  if (view.status === 'stopped') return t('command.stopped', facts)
  return view.reason === null ? t('command.applied', facts) : t('command.applied_because', facts)
}
