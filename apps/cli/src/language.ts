import type { Language } from '@catalogsync/contract'

/**
 * `--lang` first, then the environment as POSIX orders it. Read from the arguments by itself, because the help
 * and the complaint about a wrong argument are in that language too.
 */
export function pickLanguage(argv: readonly string[], env: Record<string, string | undefined>): Language {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='))
  const word = argv[at]
  const given = word === undefined ? undefined : word.startsWith('--lang=') ? word.slice(7) : argv[at + 1]
  const locale = given ?? [env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(Boolean) ?? ''
  return /^zh\b|^zh_/i.test(locale) ? 'zh-CN' : 'en'
}

/** Both languages side by side: a sentence that misses its translation does not compile. */
export function translated<T>(en: T, zh: NoInfer<T>): (language: Language) => T {
  return (language) => (language === 'zh-CN' ? zh : en)
}
