import { createHash, randomBytes } from 'node:crypto'

/** One way to say who we are; every request carries it. */
export interface Login {
  name: 'apikey' | 'token' | 'password'
  /** Query parameters; secrets. */
  params(): Record<string, string>
  /** Parts of them that must not be seen, beside the parameters themselves. */
  secrets: string[]
}

/** Names of the parameters above. */
export const secretParams = ['u', 't', 's', 'p', 'apiKey']

/** The lowest protocol version that knows the login: a server refuses clients that are newer than itself. */
const versions = { apikey: '1.16.1', token: '1.13.0', password: '1.8.0' }

/** An API key stands alone: with a user name beside it the server answers error 43. */
export const keyLogin = (apiKey: string): Login => ({
  name: 'apikey',
  params: () => ({ apiKey, v: versions.apikey }),
  secrets: [apiKey],
})

/** The password goes as MD5 of it and a salt, as the protocol wants it since 1.13.0. */
export const tokenLogin = (user: string, password: string): Login => ({
  name: 'token',
  params: () => {
    const salt = randomBytes(8).toString('hex')
    const token = createHash('md5').update(`${password}${salt}`, 'utf8').digest('hex')
    return { u: user, t: token, s: salt, v: versions.token }
  },
  secrets: [password],
})

/** The password itself, in hex: for servers that cannot check a token because they keep no password. */
export function passwordLogin(user: string, password: string): Login {
  const hex = Buffer.from(password, 'utf8').toString('hex')
  return {
    name: 'password',
    params: () => ({ u: user, p: `enc:${hex}`, v: versions.password }),
    secrets: [password, hex],
  }
}
