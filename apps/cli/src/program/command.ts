import { Command, Help, Option } from 'commander'
import type { Language } from '@catalogsync/contract'
import type { Io } from '../io.ts'
import { helpText } from '../messages/help.ts'
import { displayWidth } from '../text/width.ts'

/** A command whose help is in the reader's language and whose mistakes are thrown. */
export function newCommand(name: string, what: string, language: Language, io: Io): Command {
  const text = helpText(language)
  const command = new Command(name)
    .description(what)
    .exitOverride()
    .configureOutput({
      writeOut: (help) => io.out.write(help),
      writeErr: (help) => {
        if (!io.argv.includes('--json')) io.err.write(help)
      },
      outputError: () => undefined, // the caller says it, once
      getOutHelpWidth: io.out.columns,
      getErrHelpWidth: io.err.columns,
      getOutHasColors: () => false,
    })
    .configureHelp({
      showGlobalOptions: true,
      displayWidth,
      styleTitle: (title) => text.titles[title] ?? title,
      // Groups list their verbs; what the verbs say of their options they say themselves.
      subcommandDescription: (sub) => sub.description(),
      subcommandTerm: (sub) => new Help().subcommandTerm(sub).replace(' [options]', ''),
      optionDescription: (option) => describe(option, text),
    })
    .helpOption('-h, --help', text.help)
  command.helpCommand(false)
  return command
}

function describe(option: Option, text: ReturnType<typeof helpText>): string {
  const facts = [
    option.argChoices ? `${text.choices} ${option.argChoices.join(', ')}` : '',
    option.defaultValue !== undefined && option.long !== '--no-runner'
      ? `${text.byDefault} ${String(option.defaultValue)}`
      : '',
  ].filter(Boolean)
  return facts.length > 0 ? `${option.description} (${facts.join('; ')})` : option.description
}

/** An option that is one of some words; the words are in its help. */
export function choice<T extends string>(
  flags: string,
  what: string,
  words: readonly T[],
  read: (given: string) => T,
): Option {
  const option = new Option(flags, what).choices(words)
  return option.argParser(read)
}

export const exampleOf = (language: Language, example: string): string =>
  `\n${helpText(language).example}\n  ${example}`
