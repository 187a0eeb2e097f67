import type { Command } from 'commander'
import type { Language } from '@catalogsync/contract'
import type { Context } from '../context.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { HelpText } from '../messages/help.ts'
import type { valuesIn } from './values.ts'

/** What the verbs are hung on. */
export interface Program {
  language: Language
  text: HelpText
  values: ReturnType<typeof valuesIn>
  /** A verb below `parent`, with its example. */
  verb: (parent: Command, name: string, what: string, example: string) => Command
  group: (name: string, what: string) => Command
  /** Ties a verb to what it does; it is imported only when it is called. */
  does: (command: Command, act: (ctx: Context, ...given: unknown[]) => Promise<ExitCode>) => void
}
