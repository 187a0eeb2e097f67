import type { EnvAssignment } from './env-file.ts'
import { type SettingKey, settingKeys } from './schema.ts'

/**
 * A sentence for each key of the file that has no effect. The key stays in the file. Values are never shown:
 * nobody knows whether an unknown one is a secret.
 */
export function unknownKeyNotices(
  inFile: Map<string, EnvAssignment>,
  values: Record<string, string>,
): string[] {
  return [...inFile.values()].flatMap((line) => {
    const problem = noticeOf(line, values)
    return problem === null ? [] : [`line ${line.number}: ${line.key} ${problem}`]
  })
}

function noticeOf({ key, value }: EnvAssignment, values: Record<string, string>): string | null {
  if (key === 'ENV_FILE' || key === 'APP_HOME') {
    return 'has no effect in the file itself; give it as a flag or in the process environment'
  }
  // An empty family key is "not given", so it is not among the values and still known.
  if (Object.hasOwn(values, key) || (value === '' && /^(SOURCE|BACKEND)_/.test(key))) return null
  const family = /^(SOURCE|BACKEND)_/.exec(key)?.[1]
  if (family) return `belongs to no ${family.toLowerCase()} named in ${family}S; it is kept and has no effect`
  const near = nearestKey(key)
  return `is not a setting; it is kept and has no effect${near ? `. Did you mean ${near}?` : ''}`
}

/** The setting that differs in at most two letters, if there is one. */
function nearestKey(key: string): SettingKey | undefined {
  const distances = settingKeys.map((known) => ({ known, distance: editDistance(key.toUpperCase(), known) }))
  const nearest = distances.sort((a, b) => a.distance - b.distance)[0]
  return nearest && nearest.distance <= 2 && key.length > 3 ? nearest.known : undefined
}

/** Levenshtein distance; keys are short, and one that is not cannot be near. */
function editDistance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 2) return Infinity
  let row = Array.from({ length: b.length + 1 }, (_, at) => at)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
    }
    row = next
  }
  return row[b.length] ?? Infinity
}
