import type { Language } from '@catalogsync/contract'

/** The first of a browser's languages that the console is written in; English if none. */
export function preferredLanguage(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.toLowerCase()).find((tag) => /^(en|zh)\b/.test(tag))
  return found?.startsWith('zh') ? 'zh-CN' : 'en'
}
