import { familyKeyOf, familySetting } from './families.ts'
import type { Origin } from './origin.ts'
import { isSettingKey, settingKeys, settingTable } from './schema.ts'
import type { ConfigSnapshot, Settings } from './settings.ts'
import type { Group, TakesEffect } from './setting.ts'

/** What stands in the place of a secret. */
export const secretMark = '‹secret›'

export interface RedactedEntry {
  key: string
  /** As in effect; `‹secret›` for a secret, empty if it is not given. */
  value: string
  origin: Origin
  group: Group
  secret: boolean
  takesEffect: TakesEffect
}

/** What a job remembers of the settings it starts with: every key in effect, without secrets. */
export function snapshotOf(settings: Settings, values: Record<string, string>): ConfigSnapshot {
  const shown = entriesOf(settings, values).filter((entry) => !entry.secret)
  return {
    library_root: settings.libraryDir,
    download_sources: [...settings.downloadSources],
    env_values: Object.fromEntries(shown.map(({ key, value }) => [key, value])),
  }
}

/** Every key in effect, in the order of the schema and then the families, for people to read. */
export function redactedEntries(
  settings: Settings,
  values: Record<string, string>,
  origin: Record<string, Origin>,
): RedactedEntry[] {
  return entriesOf(settings, values).map((entry) => ({ ...entry, origin: origin[entry.key] ?? 'default' }))
}

/** Every secret in effect, longest first: what a log line must not hold. */
export function secretsOf(settings: Settings): string[] {
  const secrets = [...settings.sources, ...settings.backends].flatMap(({ values }) =>
    Object.entries(values).flatMap(([suffix, value]) =>
      familySetting('SOURCE', suffix).secret ? [value] : urlSecrets(value),
    ),
  )
  return [...new Set(secrets)].filter((secret) => secret.length > 0).sort((a, b) => b.length - a.length)
}

/** Text without the secrets that URLs in it carry: what stands before `@`, and the query. */
export function redactUrls(text: string): string {
  return text
    .replace(urlUserInfo, `${secretMark}@`)
    .replace(urlQuery, (_, before: string) => `${before}?${secretMark}`)
}

// Each begins at "://" and stops at the first character that a URL cannot hold, so neither goes over a text twice.
const urlUserInfo = /(?<=:\/\/)[^\s/?#,]*@/g
const urlQuery = /(?<=:\/\/)([^\s,?#]{0,2048})\?[^\s,]+/g

/** A password as it is written in the URL and as it is sent. Short parts of a query say nothing by themselves. */
function urlSecrets(text: string): string[] {
  const passwords = [...text.matchAll(urlUserInfo)].flatMap(([info]) => {
    const password = info.slice(info.indexOf(':') + 1, -1)
    return [password, decoded(password)]
  })
  const queries = [...text.matchAll(urlQuery)].flatMap(([all, before = '']) =>
    all
      .slice(before.length + 1)
      .split(/[&=]/)
      .filter((part) => part.length >= 8),
  )
  return [...passwords, ...queries]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

function entriesOf(settings: Settings, values: Record<string, string>): Omit<RedactedEntry, 'origin'>[] {
  const familyKeys = Object.keys(values)
    .filter((key) => !isSettingKey(key))
    .sort()
  return [...settingKeys, ...familyKeys].flatMap((key) => {
    const setting = describe(key, settings)
    // A key that is no one's is left out: nobody can say that it is not a secret.
    if (!setting) return []
    const { group, takesEffect, secret } = setting
    const value = secret ? secretMark : redactUrls(values[key] ?? '')
    return [{ key, value, group, secret, takesEffect }]
  })
}

function describe(
  key: string,
  settings: Settings,
): { group: Group; takesEffect: TakesEffect; secret: boolean } | null {
  if (isSettingKey(key)) return { ...settingTable[key], secret: false }
  const ids = (list: { id: string }[]) => list.map(({ id }) => id)
  const source = familyKeyOf(key, 'SOURCE', ids(settings.sources))
  if (source) return familySetting('SOURCE', source.suffix)
  const backend = familyKeyOf(key, 'BACKEND', ids(settings.backends))
  return backend && familySetting('BACKEND', backend.suffix)
}
