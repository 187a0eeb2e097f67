import type { Language } from '@catalogsync/contract'
import { en } from '../apps/web/src/lib/i18n/en.ts'
import { translator } from '../apps/web/src/lib/i18n/translate.ts'
import type { Translate } from '../apps/web/src/lib/i18n/translate.ts'
import { zhCn } from '../apps/web/src/lib/i18n/zh-cn.ts'

/** The console's own messages, so that the tests look for what a reader sees. */
export const words: Record<Language, Translate> = {
  en: translator(en, 'en'),
  'zh-CN': translator(zhCn, 'zh-CN'),
}
