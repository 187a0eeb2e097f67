import { runRunner } from '@catalogsync/runner'
import { sourceTypes } from '@catalogsync/sources'
import { backendTypes } from '@catalogsync/storage'
import { prepareFolder, settingsOf, warnOf, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { serveText } from '../messages/serve.ts'

/** The runner in this process, until it is told to stop. With `--json`: `{kind: "runner", state: "started", id}`. */
export async function runner(ctx: Context): Promise<ExitCode> {
  const { io, out, language } = ctx
  const text = serveText(language)
  const loaded = settingsOf(ctx)
  await prepareFolder(loaded.settings)
  await runRunner({
    settings: loaded.settings,
    wiring: { sources: sourceTypes, backends: backendTypes },
    version: io.version,
    signal: io.stop,
    onStarted: async (id, database) => {
      out.give({ kind: 'runner', state: 'started', id, pid: process.pid })
      out.say(text.runner(id))
      await warnOf(ctx, loaded, database)
    },
  })
  out.say(text.runnerStopped)
  return exitCodes.fine
}
