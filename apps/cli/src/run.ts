import { CommanderError } from 'commander'
import { AppError, type Language } from '@catalogsync/contract'
import { isAppError } from './context.ts'
import { exitCodeOf, exitCodes, type ExitCode } from './exit-codes.ts'
import type { Io } from './io.ts'
import { pickLanguage } from './language.ts'
import { usageText } from './messages/usage.ts'
import { createOutput } from './output.ts'
import { createProgram } from './program/program.ts'

/** One run of the command line, whatever happens in it. @returns the exit code */
export async function run(io: Io): Promise<ExitCode> {
  const language = pickLanguage(io.argv, io.env)
  let code: ExitCode = exitCodes.fine
  const program = createProgram(io, language, (ended) => {
    code = ended
  })
  try {
    await program.parseAsync(io.argv, { from: 'user' })
    return code
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return exitCodes.fine // help, version
    if (io.stop.aborted && thrown === io.stop.reason) return exitCodes.interrupted
    const error = asAppError(thrown, language)
    const json = io.argv.includes('--json')
    // A group without a verb has shown its help already, which says more.
    const shown = thrown instanceof CommanderError && thrown.code === 'commander.help' && !json
    if (!shown) createOutput(io, json, language).fail(error)
    return exitCodeOf[error.code]
  }
}

/** No stack ever reaches a person; what we did not foresee is said in its first line. */
export function asAppError(thrown: unknown, language: Language): AppError {
  if (isAppError(thrown)) return thrown
  if (thrown instanceof CommanderError) return usageError(thrown, language)
  const what = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError('internal', { what: what.split('\n', 1)[0] ?? '' }, { cause: thrown })
}

function usageError(error: CommanderError, language: Language): AppError {
  const { what, problems, seeHelp } = usageText(language)
  const thing = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const own = error.message.replace(/^error: /, '')
  const problem = problems[error.code]?.(thing) ?? own
  return new AppError('invalid_input', { what, problem: `${problem}. ${seeHelp('catalogsync')}` })
}
