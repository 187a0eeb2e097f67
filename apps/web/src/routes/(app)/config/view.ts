import type { ConfigEntry } from '@catalogsync/contract'

export interface ConfigGroup {
  group: ConfigEntry['group']
  entries: ConfigEntry[]
}

/** The entries by group, in their own order; only those that somebody has set, if so wished. */
export function groupsOf(entries: readonly ConfigEntry[], show: 'set' | 'all'): ConfigGroup[] {
  const groups = new Map<ConfigEntry['group'], ConfigEntry[]>()
  for (const entry of entries) {
    if (show === 'set' && entry.origin === 'default') continue
    groups.set(entry.group, [...(groups.get(entry.group) ?? []), entry])
  }
  return [...groups].map(([group, entries]) => ({ group, entries }))
}
