import type { Setting } from './setting.ts'
import { isSecretName } from './secret-names.ts'
import * as type from './value-types.ts'

/** A key that each source or each backend has for itself. `suffix` null stands for every other suffix. */
export interface FamilySetting extends Setting {
  family: Family
  suffix: string | null
  secret: boolean
}

export type Family = 'SOURCE' | 'BACKEND'

/** The key families, once. Which of them an adapter needs, its own page in docs/ says. */
export const familyTable: FamilySetting[] = [
  source(
    'TYPE',
    type.text,
    'The type of the source, such as `folder`. Always needed.',
    '来源的类型，例如 `folder`。必填。',
  ),
  source('PATH', type.path, 'A folder on this machine.', '本机上的目录。'),
  source('URL', type.url, 'The address of a server or a feed.', '服务器或订阅源的网址。'),
  source('USER', type.text, 'The name to log in with.', '登录用户名。'),
  source('PASSWORD', type.text, 'The password to log in with.', '登录密码。'),
  source('TOKEN', type.text, 'A token, where there is no password.', '令牌，用于不使用密码的情况。'),
  source('API_KEY', type.text, 'An API key, where there is no password.', 'API 密钥，用于不使用密码的情况。'),
  source(null, type.text, 'What else its type takes.', '该类型所需的其他设置。'),
  backend(
    'TYPE',
    type.text,
    'The type of the backend, such as `filesystem`. Always needed.',
    '后端的类型，例如 `filesystem`。必填。',
  ),
  backend('PATH', type.path, 'A folder or mount on this machine.', '本机上的目录或挂载点。'),
  backend('URL', type.url, 'The address of a server.', '服务器的网址。'),
  backend('USER', type.text, 'The name to log in with.', '登录用户名。'),
  backend('PASSWORD', type.text, 'The password to log in with.', '登录密码。'),
  backend('SECRET', type.text, 'The secret that requests are signed with.', '用于签名请求的密钥。'),
  backend(null, type.text, 'What else its type takes.', '该类型所需的其他设置。'),
]

/** `my-home` → `SOURCE_MY_HOME_`: upper case, `-` becomes `_`. So `a-b` and `a_b` cannot both be ids. */
export function familyPrefix(family: Family, id: string): string {
  return `${family}_${envName(id)}_`
}

export function envName(id: string): string {
  return id.toUpperCase().replaceAll('-', '_')
}

/**
 * Which of `ids` a key belongs to, and its suffix: `SOURCE_HOME_API_KEY` → `home`, `API_KEY`.
 * Where two ids fit (`a`, `a_b`), it is the longer one's. Null if the key is no one's.
 */
export function familyKeyOf(
  key: string,
  family: Family,
  ids: readonly string[],
): { id: string; suffix: string } | null {
  const fitting = ids.filter((id) => key.startsWith(familyPrefix(family, id)))
  const id = fitting.sort((a, b) => b.length - a.length)[0]
  const suffix = id === undefined ? '' : key.slice(familyPrefix(family, id).length)
  return id === undefined || suffix === '' ? null : { id, suffix }
}

export function familySetting(family: Family, suffix: string): FamilySetting {
  const named = familyTable.find((setting) => setting.family === family && setting.suffix === suffix)
  return named ?? { ...source(null, type.text, '', ''), family, suffix, secret: isSecretName(suffix) }
}

/** The key as the docs show it: `SOURCE_<ID>_PATH`, `SOURCE_<ID>_…`. */
export function familyLabel(setting: FamilySetting): string {
  return `${setting.family}_<ID>_${setting.suffix ?? '…'}`
}

/** Ids that would share one env name, in pairs. */
export function clashingIds(ids: readonly string[]): [string, string][] {
  return ids.flatMap((id, at) => {
    const earlier = ids.slice(0, at).find((other) => other !== id && envName(other) === envName(id))
    return earlier === undefined ? [] : [[earlier, id] as [string, string]]
  })
}

function source(
  suffix: string | null,
  valueType: type.ValueType<string>,
  en: string,
  zh: string,
): FamilySetting {
  return familyRow('SOURCE', suffix, valueType, en, zh)
}

function backend(
  suffix: string | null,
  valueType: type.ValueType<string>,
  en: string,
  zh: string,
): FamilySetting {
  return familyRow('BACKEND', suffix, valueType, en, zh)
}

function familyRow(
  family: Family,
  suffix: string | null,
  valueType: type.ValueType<string>,
  en: string,
  zh: string,
): FamilySetting {
  const secret = suffix !== null && isSecretName(suffix)
  return {
    family,
    suffix,
    secret,
    type: valueType,
    default: '',
    description: { en, 'zh-CN': zh },
    group: family === 'SOURCE' ? 'sources' : 'backends',
    // Secrets are read from the file at every use; the rest is pinned by the job that was started with it.
    takesEffect: secret ? 'now' : 'next job',
  }
}
