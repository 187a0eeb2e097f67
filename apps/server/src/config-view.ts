import type { ConfigView } from '@catalogsync/contract'
import {
  familyTable,
  isSettingKey,
  redactedEntries,
  settingTable,
  type LoadedSettings,
} from '@catalogsync/core/config'

/** The settings in effect as a page shows them: no secret is in it. */
export function configView({ settings, values, origin, notices }: LoadedSettings): ConfigView {
  const entries = redactedEntries(settings, values, origin).map((entry) => ({
    ...entry,
    description: descriptionOf(entry.key),
  }))
  return { envFile: settings.envFile, entries, notices }
}

function descriptionOf(key: string): ConfigView['entries'][number]['description'] {
  if (isSettingKey(key)) return settingTable[key].description
  const family = key.startsWith('SOURCE_') ? 'SOURCE' : 'BACKEND'
  const named = familyTable.find(
    (setting) => setting.family === family && setting.suffix !== null && key.endsWith(`_${setting.suffix}`),
  )
  return named?.description ?? null
}
