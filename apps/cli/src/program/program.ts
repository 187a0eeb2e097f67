import type { Command } from 'commander'
import type { Language } from '@catalogsync/contract'
import type { Globals } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { Io } from '../io.ts'
import { helpText } from '../messages/help.ts'
import { createOutput } from '../output.ts'
import { choice, exampleOf, newCommand } from './command.ts'
import { itemCommands } from './item.ts'
import { jobCommands } from './job.ts'
import { systemCommands } from './system.ts'
import type { Program } from './hooks.ts'
import { valuesIn } from './values.ts'

/** The whole command line. @param ended is told the exit code of the verb that was called */
export function createProgram(io: Io, language: Language, ended: (code: ExitCode) => void): Command {
  const text = helpText(language)
  const values = valuesIn(language)
  const root = newCommand('catalogsync', text.program, language, io)
  root
    .option('--data <dir>', text.globals.data)
    .option('--db <file>', text.globals.db)
    .option('--env-file <file>', text.globals.envFile)
    .option('--json', text.globals.json)
    .addOption(
      choice(
        '--lang <language>',
        text.globals.lang,
        ['en', 'zh-CN'] as const,
        values.oneOf('--lang', ['en', 'zh-CN'] as const),
      ),
    )
    .version(io.version, '-V, --version', text.version)
    .addHelpText('after', `\n${text.exitCodes}`)

  const program: Program = {
    language,
    text,
    values,
    verb(parent, name, what, example) {
      const command = newCommand(name, what, language, io)
      command.copyInheritedSettings(parent).addHelpText('after', exampleOf(language, example))
      parent.addCommand(command)
      return command
    },
    group(name, what) {
      const command = newCommand(name, what, language, io)
      root.addCommand(command.copyInheritedSettings(root))
      return command
    },
    does(command, act) {
      command.action(async (...given: unknown[]) => {
        const globals = command.optsWithGlobals<Globals>()
        const out = createOutput(io, globals.json ?? false, language)
        ended(await act({ io, out, language, globals }, ...given))
      })
    },
  }
  systemCommands(program, root)
  jobCommands(program)
  itemCommands(program)
  return root
}
