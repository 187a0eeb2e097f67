import { existsSync } from 'node:fs'
import { AppError, errorText } from '@catalogsync/contract'
import { redactedEntries } from '@catalogsync/core/config'
import { sourceTypes } from '@catalogsync/sources'
import { backendTypes } from '@catalogsync/storage'
import { isAppError, settingsOf, warnOfNotices, type Context } from '../context.ts'
import { exitCodes, type ExitCode } from '../exit-codes.ts'
import { configText } from '../messages/config.ts'
import { table } from '../text/table.ts'

/** With `--json`: `{envFile, entries, notices}`; secrets are `‹secret›`. */
export function configShow(ctx: Context): ExitCode {
  const { out, language } = ctx
  const text = configText(language)
  const loaded = settingsOf(ctx)
  const { settings, values, origin, notices } = loaded
  const entries = redactedEntries(settings, values, origin)
  const { envFile } = settings
  out.give({ envFile, entries, notices })
  const { key, value, origin: from } = text.columns
  out.say(
    text.file(envFile, existsSync(envFile)),
    ...table(
      [{ title: key }, { title: from }, { title: value }],
      entries.map((entry) => [entry.key, text.origin[entry.origin], entry.value]),
    ),
  )
  warnOfNotices(ctx, loaded)
  return exitCodes.fine
}

/** Reads the settings, and makes each adapter once. With `--json`: `{ok, envFile, problems, notices}`. */
export async function configCheck(ctx: Context): Promise<ExitCode> {
  const { out, language } = ctx
  const text = configText(language)
  const loaded = settingsOf(ctx)
  const { settings, notices } = loaded
  const problems: AppError[] = []
  const tryMaking = async (make: () => { close: () => Promise<void> }): Promise<void> => {
    try {
      await make().close()
    } catch (error) {
      if (!isAppError(error)) throw error
      problems.push(error)
    }
  }
  for (const source of settings.sources) {
    await tryMaking(() => {
      const make = known(sourceTypes)[source.type]
      if (make) return make(source)
      const { id, type } = source
      throw new AppError('unknown_source_type', { id, type, known: Object.keys(sourceTypes) })
    })
  }
  for (const backend of settings.backends) {
    await tryMaking(() => {
      const make = known(backendTypes)[backend.type]
      if (make) return make(backend)
      const { id, type } = backend
      throw new AppError('unknown_backend_type', { id, type, known: Object.keys(backendTypes) })
    })
  }
  const told = problems.map(({ code, facts }) => ({ code, facts, message: errorText(code, facts, language) }))
  out.give({ ok: told.length === 0, envFile: settings.envFile, problems: told, notices })
  warnOfNotices(ctx, loaded)
  if (told.length > 0) {
    out.say(...told.map(({ message }) => text.problem(message)))
    return exitCodes.environment
  }
  out.say(
    text.file(settings.envFile, existsSync(settings.envFile)),
    text.fine(settings.sources.length, settings.backends.length),
  )
  return exitCodes.fine
}

/** The types by name, any name. */
const known = <T>(types: Record<string, T>): Partial<Record<string, T>> => types
