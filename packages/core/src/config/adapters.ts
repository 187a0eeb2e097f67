import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { EnvAssignment } from './env-file.ts'
import { clashingIds, envName, type Family, familyKeyOf, familyPrefix, familySetting } from './families.ts'
import type { Found } from './origin.ts'
import type { SettingKey } from './schema.ts'
import type { BackendSettings, SourceSettings } from './settings.ts'

/** The id of the source that INPUT_DIR is. */
export const inputSourceId = 'input'

export interface FamilyInput {
  inFile: Map<string, EnvAssignment>
  processEnv: Record<string, string | undefined>
  cwd: string
  rootDir: string
}

type Take = (key: string, at: Found) => void
type Refuse = (key: string, at: Found, problem: string) => void

/** SOURCES with their families, then INPUT_DIR, unless the operator has a source of that id. */
export function sourcesOf(
  ids: string[],
  at: Found,
  inputDir: string,
  input: FamilyInput,
  take: Take,
  refuse: Refuse,
): SourceSettings[] {
  const sources = membersOf('SOURCE', ids, at, input, take, refuse)
  if (ids.includes(inputSourceId)) return sources
  return [...sources, { id: inputSourceId, type: 'folder', values: { PATH: inputDir } }]
}

/** BACKENDS with their families, and the one that OBJECT_* describes in short. */
export function backendsOf(
  ids: string[],
  found: Record<SettingKey, Found>,
  input: FamilyInput,
  take: Take,
  refuse: Refuse,
): BackendSettings[] {
  const short = shortBackend(found, refuse)
  if (!short) return membersOf('BACKEND', ids, found.BACKENDS, input, take, refuse)
  if (ids.some((id) => envName(id) === envName(short.id))) {
    const at = found.OBJECT_BACKEND_NAME.text ? found.OBJECT_BACKEND_NAME : found.OBJECT_ENDPOINT
    refuse(
      'OBJECT_BACKEND_NAME',
      at,
      `"${short.id}" is already in BACKENDS; give the short form another name`,
    )
    return []
  }
  const all = [...ids, short.id]
  const families = collectFamilies('BACKEND', all, input, take)
  const own = families.get(short.id) ?? {}
  const longForm = ids.flatMap((id) => member('BACKEND', id, families.get(id), found.BACKENDS, refuse))
  const type = own['TYPE'] ?? short.type
  return [...longForm, { id: short.id, type, values: { ...short.values, ...withoutType(own) } }]
}

function shortBackend(found: Record<SettingKey, Found>, refuse: Refuse): BackendSettings | null {
  const [name, bucket, endpoint] = [
    found.OBJECT_BACKEND_NAME.text,
    found.OBJECT_BUCKET.text,
    found.OBJECT_ENDPOINT.text,
  ]
  if (!name && !bucket && !endpoint) return null
  if (!endpoint) {
    const key = name ? 'OBJECT_BACKEND_NAME' : 'OBJECT_BUCKET'
    refuse(key, found[key], 'needs OBJECT_ENDPOINT, which says where the bucket is')
    return null
  }
  if (bucket && !/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(bucket)) {
    refuse('OBJECT_BUCKET', found.OBJECT_BUCKET, 'must be 1 to 63 letters, digits, ".", "_" and "-"')
    return null
  }
  const id = name || 'objects'
  const folder = folderOf(endpoint)
  if (folder !== null)
    return { id, type: 'filesystem', values: { PATH: bucket ? join(folder, bucket) : folder } }
  if (!/^https?:\/\/[^\s/]/i.test(endpoint)) {
    refuse(
      'OBJECT_ENDPOINT',
      found.OBJECT_ENDPOINT,
      'must be an absolute path, file:///folder, or an http(s) URL',
    )
    return null
  }
  return { id, type: 's3', values: { ENDPOINT: endpoint, ...(bucket ? { BUCKET: bucket } : {}) } }
}

function folderOf(endpoint: string): string | null {
  if (endpoint.startsWith('/')) return resolve(endpoint)
  if (!/^file:/i.test(endpoint)) return null
  try {
    return fileURLToPath(endpoint)
  } catch {
    return null
  }
}

function membersOf(
  family: Family,
  ids: string[],
  at: Found,
  input: FamilyInput,
  take: Take,
  refuse: Refuse,
): SourceSettings[] {
  const clashes = clashingIds(ids)
  for (const [one, other] of clashes) {
    refuse(
      `${family}S`,
      at,
      `"${one}" and "${other}" would share the keys ${familyPrefix(family, one)}…; rename one`,
    )
  }
  if (clashes.length > 0) return []
  const families = collectFamilies(family, ids, input, take)
  return ids.flatMap((id) => member(family, id, families.get(id), at, refuse))
}

function member(
  family: Family,
  id: string,
  values: Record<string, string> = {},
  at: Found,
  refuse: Refuse,
): SourceSettings[] {
  const type = values['TYPE']
  if (type) return [{ id, type, values: withoutType(values) }]
  const key = `${familyPrefix(family, id)}TYPE`
  refuse(key, at, `is missing: ${family}S names "${id}", so ${key} must say what type it is`)
  return []
}

function withoutType({ TYPE: _, ...values }: Record<string, string>): Record<string, string> {
  return values
}

/** The family keys of `ids` by id and suffix; the process environment before the file, empty ones left out. */
function collectFamilies(
  family: Family,
  ids: string[],
  input: FamilyInput,
  take: Take,
): Map<string, Record<string, string>> {
  const families = new Map<string, Record<string, string>>()
  const add = (key: string, found: Found, folder: string): void => {
    const owner = familyKeyOf(key, family, ids)
    if (!owner || found.text === '') return
    const isPath = familySetting(family, owner.suffix).type.name === 'path'
    const text = isPath ? resolve(folder, found.text) : found.text
    families.set(owner.id, { ...families.get(owner.id), [owner.suffix]: text })
    take(key, { ...found, text })
  }
  for (const [key, line] of input.inFile) {
    add(key, { text: line.value, origin: 'file', line: line.number }, input.rootDir)
  }
  for (const [key, text] of Object.entries(input.processEnv)) {
    if (/^[A-Z0-9_]+$/.test(key)) add(key, { text: text ?? '', origin: 'process', line: null }, input.cwd)
  }
  return families
}
