import { isIP } from 'node:net'
import { AppError } from '@catalogsync/contract'
import type { SourceSettings } from '@catalogsync/core/ports'
import { addressKind } from '@catalogsync/core/ports/http'
import { keyLogin, passwordLogin, tokenLogin, type Login } from './login.ts'

export interface SubsonicSettings {
  /** Address of the server without a slash at its end; `/rest/…` comes behind it. */
  base: string
  /** Ways to log in, the one to try first at the front; at least one. */
  logins: Login[]
  /** Whether every album is a playlist too. */
  albums: boolean
  /** Whether the server may have a private address. */
  privateHost: boolean
}

/** Throws `AppError` `invalid_input`, naming the key as it stands in the settings file. */
export function readSubsonicSettings({ id, values }: SourceSettings): SubsonicSettings {
  const refuse = (suffix: string, problem: string): never => {
    throw new AppError('invalid_input', {
      what: `SOURCE_${id.toUpperCase().replaceAll('-', '_')}_${suffix}`,
      problem,
    })
  }
  const text = (suffix: string): string => values[suffix]?.trim() ?? ''
  const oneOf = <T extends string>(suffix: string, first: T, ...others: T[]): T => {
    const given = text(suffix).toLowerCase() || first
    const found = [first, ...others].find((option) => option === given)
    return found ?? refuse(suffix, `"${given}" is not one of: ${[first, ...others].join(', ')}.`)
  }

  const base = readBase(text('URL'), (problem) => refuse('URL', problem))
  const [user, password, key] = [text('USER'), values['PASSWORD'] ?? '', text('API_KEY')]
  const mode = oneOf('LOGIN', 'auto', 'token', 'password', 'apikey')
  const byKey = key === '' ? [] : [keyLogin(key)]
  const byName =
    user === '' || password === '' ? [] : [tokenLogin(user, password), passwordLogin(user, password)]
  const logins = [...byKey, ...byName].filter(({ name }) => mode === 'auto' || name === mode)
  if (logins.length === 0 && (mode === 'apikey' || (user === '' && password === '' && mode === 'auto')))
    refuse('API_KEY', 'is not set. Set it, or USER and PASSWORD of the same source.')
  if (logins.length === 0) refuse(user === '' ? 'USER' : 'PASSWORD', 'is not set.')
  return {
    base,
    logins,
    albums: oneOf('ALBUMS', 'no', 'yes') === 'yes',
    privateHost: oneOf('PRIVATE', 'yes', 'no') === 'yes',
  }
}

function readBase(text: string, refuse: (problem: string) => never): string {
  if (text === '') refuse('is not set. Name the server, for example http://nas:4533.')
  if (!URL.canParse(text)) refuse('is not an address such as http://nas:4533.')
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    refuse('does not begin with http:// or https://.')
  if (url.username !== '' || url.password !== '')
    refuse('holds a login. Put it into USER and PASSWORD of the same source.')
  if (url.search !== '' || url.hash !== '') refuse('must end before "?" and "#".')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0 && addressKind(host) === 'never')
    refuse(`${host} is a link-local, reserved or metadata address, which is never connected to.`)
  return `${url.origin}${url.pathname}`.replace(/\/+$/, '').replace(/\/rest$/, '')
}
