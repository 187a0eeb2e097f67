import { once } from 'node:events'
import { join } from 'node:path'
import { openDatabase } from '@catalogsync/core'
import type { LoadedSettings } from '@catalogsync/core/config'
import { lockFolderOf } from '@catalogsync/runner'
import { adminToken, startServer, type Server } from '@catalogsync/server'
import { prepareFolder, settingsOf, warnOf, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { serveText } from '../messages/serve.ts'
import { addressesOf } from '../serve/addresses.ts'
import { prepareDemo, runDemo } from '../serve/demo.ts'
import { forkRunner } from '../serve/fork.ts'
import { superviseRunner, type RunnerNews } from '../serve/supervise.ts'

export interface ServeOptions {
  host?: string
  port?: string
  /** False with --no-runner. */
  runner: boolean
  demo?: boolean
}

/**
 * The door, with the runner as a process of its own, until it is told to stop. The port comes first, so that a
 * clash changes nothing. With `--json`: one object a line, `listening`, `runner`, and the demo's.
 */
export async function serve(ctx: Context, options: ServeOptions): Promise<ExitCode> {
  const listen = {
    ...(options.host === undefined ? {} : { host: options.host }),
    ...(options.port === undefined ? {} : { port: options.port }),
  }
  const before = settingsOf(ctx, listen)
  const { webHost: host, webPort: port } = before.settings
  const log = (line: string) => ctx.out.warn(line)
  const server = await startServer({ host, port, version: ctx.io.version, log })
  try {
    await prepareFolder(before.settings)
    if (options.demo) await prepareDemo(ctx, before)
    await serveUntilStopped(ctx, options, server, () => settingsOf(ctx, listen))
  } finally {
    await server.close()
  }
  ctx.out.say(serveText(ctx.language).stopped)
  return exitCodes.fine
}

async function serveUntilStopped(
  ctx: Context,
  options: ServeOptions,
  server: Server,
  loadSettings: () => LoadedSettings,
): Promise<void> {
  const loaded = loadSettings()
  const { out, io, language } = ctx
  const text = serveText(language)
  const { webHost: host, rootDir, dbPath } = loaded.settings
  const database = await openDatabase(dbPath, 'create')
  try {
    await warnOf(ctx, loaded, database)
    server.open({ database, loadSettings, lockFolder: lockFolderOf(dbPath) })
    const urls = addressesOf(host, server.port)
    // The token is for the person at this terminal; what programs record has the file's name in its place.
    out.give({ kind: 'listening', host, port: server.port, urls, tokenFile: join(rootDir, 'admin-token') })
    const signIn = urls.map((url) => `${url}#token=${adminToken(rootDir)}`)
    out.say(text.listening(signIn), text.data(rootDir), ...(options.runner ? [] : [text.noRunner]))

    const runner = options.runner ? superviseRunner(() => forkRunner(ctx), tellOf(ctx)) : null
    try {
      const stopped = io.stop.aborted ? Promise.resolve() : once(io.stop, 'abort')
      if (options.demo) await runDemo(ctx, loaded, database)
      await stopped
      out.say(text.stopping)
    } finally {
      await runner?.stop()
    }
  } finally {
    await server.close() // nobody may ask a closed database
    await database.close()
  }
}

function tellOf({ out, language }: Context): (news: RunnerNews) => void {
  const text = serveText(language)
  return (news) => {
    out.give({ kind: 'runner', ...news })
    if (news.state === 'started') out.say(text.runnerStarted(news.pid))
    else {
      const { code, signal, cause, againInMs } = news
      const how =
        cause !== null
          ? text.cannotStart(cause)
          : signal !== null
            ? text.signal(signal)
            : text.exitCode(code ?? 1)
      out.warn(text.runnerDied(how, againInMs / 1000))
    }
  }
}
