import { translated } from '../language.ts'

interface Usage {
  what: string
  problems: Record<string, (thing: string) => string>
  seeHelp: (command: string) => string
}

/** What can be wrong with a command line, by commander's code; a code that is not here keeps commander's words. */
const en: Usage = {
  what: 'the command line',
  problems: {
    'commander.unknownCommand': (thing) => `there is no command "${thing}"`,
    'commander.unknownOption': (thing) => `there is no option ${thing}`,
    'commander.missingArgument': (thing) => `the argument <${thing}> is missing`,
    'commander.optionMissingArgument': (thing) => `the option ${thing} needs a value`,
    'commander.missingMandatoryOptionValue': (thing) => `the option ${thing} is needed`,
    'commander.excessArguments': () => 'there are more arguments than the command takes',
    'commander.help': () => 'a command is missing',
  },
  seeHelp: (command) => `See "${command} --help"`,
}

const zh: Usage = {
  what: '命令行',
  problems: {
    'commander.unknownCommand': (thing) => `没有命令“${thing}”`,
    'commander.unknownOption': (thing) => `没有选项 ${thing}`,
    'commander.missingArgument': (thing) => `缺少参数 <${thing}>`,
    'commander.optionMissingArgument': (thing) => `选项 ${thing} 需要一个值`,
    'commander.missingMandatoryOptionValue': (thing) => `需要选项 ${thing}`,
    'commander.excessArguments': () => '参数过多',
    'commander.help': () => '缺少命令',
  },
  seeHelp: (command) => `参见 "${command} --help"`,
}

export const usageText = translated(en, zh)
