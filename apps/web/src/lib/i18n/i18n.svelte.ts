import type { Language } from '@catalogsync/contract'
import { remember, remembered } from '../storage.ts'
import { en } from './en.ts'
import { preferredLanguage } from './preferred.ts'
import { translator } from './translate.ts'
import type { Translate } from './translate.ts'

const english = translator(en, 'en')
const current = $state<{ language: Language; t: Translate }>({ language: 'en', t: english })

/** Messages in the reader's language; read in a template, they change with it. */
export const t: Translate = (key, ...facts) => current.t(key, ...facts)

export const language = (): Language => current.language

/** The language that was chosen, or else the browser's. Chinese is fetched only by those who read it. */
export async function startLanguage(): Promise<void> {
  const chosen = remembered('language')
  await use(chosen === 'en' || chosen === 'zh-CN' ? chosen : preferredLanguage(navigator.languages))
}

export async function chooseLanguage(next: Language): Promise<void> {
  remember('language', next)
  await use(next)
}

async function use(next: Language): Promise<void> {
  current.t = next === 'en' ? english : translator((await import('./zh-cn.ts')).zhCn, next)
  current.language = next
  document.documentElement.lang = next
}
