import { expect, test } from 'vitest'
import { readSubsonicSettings } from './settings.ts'

const read = (values: Record<string, string>) =>
  readSubsonicSettings({ id: 'my-home', type: 'subsonic', values: { URL: 'http://nas:4533', ...values } })
const account = { USER: 'u', PASSWORD: 'p' }
const logins = (values: Record<string, string>) => read(values).logins.map(({ name }) => name)

test('a key comes first, then a token, then the password; LOGIN picks one', () => {
  expect(logins({ ...account, API_KEY: 'k' })).toEqual(['apikey', 'token', 'password'])
  expect(logins(account)).toEqual(['token', 'password'])
  expect(logins({ API_KEY: 'k' })).toEqual(['apikey'])
  expect(logins({ ...account, API_KEY: 'k', LOGIN: 'Token' })).toEqual(['token'])
  expect(logins({ ...account, LOGIN: 'password' })).toEqual(['password'])
})

test('a password keeps its spaces', () => {
  const [, login] = read({ USER: 'u', PASSWORD: ' p ' }).logins
  expect(login?.params()['p']).toBe('enc:207020')
})

test.each([
  ['http://nas:4533/', 'http://nas:4533'],
  ['https://example.org/music/', 'https://example.org/music'],
  ['https://example.org/music/rest', 'https://example.org/music'],
  ['http://192.168.1.5', 'http://192.168.1.5'],
])('%s is the server %s', (url, base) => {
  expect(read({ ...account, URL: url }).base).toBe(base)
})

test.each([
  [{ URL: '' }, 'SOURCE_MY_HOME_URL: is not set'],
  [{ URL: 'nas:4533' }, 'http://'],
  [{ URL: 'no address' }, 'SOURCE_MY_HOME_URL: is not an address'],
  [{ URL: 'http://u:p@nas' }, 'SOURCE_MY_HOME_URL: holds a login'],
  [{ URL: 'http://nas/?u=1' }, 'must end before'],
  [{ URL: 'http://169.254.169.254' }, 'metadata'],
  [{ URL: 'http://[fe80::1]' }, 'link-local'],
  [{ LOGIN: 'basic' }, 'SOURCE_MY_HOME_LOGIN: "basic" is not one of: auto, token, password, apikey'],
  [{ LOGIN: 'apikey' }, 'SOURCE_MY_HOME_API_KEY: is not set'],
  [{ USER: '', PASSWORD: '' }, 'SOURCE_MY_HOME_API_KEY: is not set'],
  [{ USER: '' }, 'SOURCE_MY_HOME_USER: is not set'],
  [{ PASSWORD: '' }, 'SOURCE_MY_HOME_PASSWORD: is not set'],
  [{ ALBUMS: 'perhaps' }, 'SOURCE_MY_HOME_ALBUMS'],
  [{ PRIVATE: 'perhaps' }, 'SOURCE_MY_HOME_PRIVATE'],
])('%j is refused in words, and without the password', (values: Record<string, string>, words) => {
  const refused = () => read({ ...account, PASSWORD: 'hidden-one', ...values })
  expect(refused).toThrow(words)
  expect(refused).not.toThrow('hidden-one')
})
