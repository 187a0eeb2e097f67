import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { loadSettings } from './load.ts'
import { redactedEntries, redactUrls, secretsOf, snapshotOf } from './snapshot.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'catalogsync-snapshot-'))))
afterEach(() => rmSync(dir, { recursive: true }))

function loaded(...lines: string[]) {
  writeFileSync(join(dir, 'catalogsync.env'), lines.join('\n'))
  return loadSettings({ flags: {}, processEnv: {}, dataDir: dir, cwd: dir, appHome: dir })
}

const canaries = () =>
  loaded(
    'SOURCES=home,feeds,token',
    'SOURCE_HOME_TYPE=subsonic',
    'SOURCE_HOME_URL=https://me:canary%2D1@nas.lan/rest?apiKey=canary-2222&x=1',
    'SOURCE_HOME_USER=listener',
    'SOURCE_HOME_PASSWORD=canary-3',
    'SOURCE_FEEDS_TYPE=feed',
    'SOURCE_FEEDS_COOKIE=canary-4',
    'SOURCE_FEEDS_EXTRA_API_KEY=canary-5',
    'SOURCE_TOKEN_TYPE=folder',
    'SOURCE_TOKEN_PATH=/music',
    'DOWNLOAD_SOURCES=feeds,home',
    'OBJECT_ENDPOINT=https://key:canary-6@oss.example',
    'OBJECT_BUCKET=music',
    'BACKEND_OBJECTS_SECRET_ACCESS_KEY=canary-7',
    'UNKNOWN=canary-8',
  )

test("a job's snapshot names the library, the download sources and every key in effect, and no secret", () => {
  const { settings, values } = canaries()
  const snapshot = snapshotOf(settings, values)
  expect(snapshot).toMatchObject({
    library_root: join(dir, 'library'),
    download_sources: ['feeds', 'home'],
    env_values: {
      DB_PATH: join(dir, 'catalogsync.sqlite'),
      LIBRARY_DIR: join(dir, 'library'),
      DOWNLOAD_SOURCES: 'feeds,home',
      OBJECT_BACKEND_NAME: '',
      OBJECT_BUCKET: 'music',
      OBJECT_ENDPOINT: 'https://‹secret›@oss.example',
      SOURCE_HOME_URL: 'https://‹secret›@nas.lan/rest?‹secret›',
      SOURCE_HOME_USER: 'listener',
      SOURCE_TOKEN_PATH: '/music',
      WEB_PORT: '8421',
    },
  })
  expect(JSON.stringify(snapshot)).not.toMatch(/canary|PASSWORD|COOKIE|API_KEY/)
})

test('what is shown to people has each key once, with where it comes from, and a mark for each secret', () => {
  const { settings, values, origin } = canaries()
  const entries = redactedEntries(settings, values, origin)
  const keys = entries.map((entry) => entry.key)
  expect(new Set(keys).size).toBe(keys.length)
  expect(JSON.stringify(entries)).not.toContain('canary')
  const byKey = Object.fromEntries(entries.map((entry) => [entry.key, entry]))
  expect(byKey['SOURCE_HOME_PASSWORD']).toEqual({
    key: 'SOURCE_HOME_PASSWORD',
    value: '‹secret›',
    origin: 'file',
    group: 'sources',
    secret: true,
    takesEffect: 'now',
  })
  expect(byKey['WEB_PORT']).toMatchObject({
    value: '8421',
    origin: 'default',
    group: 'console',
    secret: false,
  })
  expect(keys).not.toContain('UNKNOWN')
})

test('the secrets that a log must not hold are all known by value, the longest first', () => {
  const secrets = secretsOf(canaries().settings)
  for (const secret of [
    'canary%2D1',
    'canary-1',
    'canary-2222',
    'canary-3',
    'canary-4',
    'canary-5',
    'canary-6',
    'canary-7',
  ]) {
    expect(secrets).toContain(secret)
  }
  expect(secrets).not.toContain('listener')
  expect(secrets.map((secret) => secret.length)).toEqual(
    secrets.map((secret) => secret.length).sort((a, b) => b - a),
  )
})

test('URLs in a list each lose their secrets and nothing else', () => {
  expect(redactUrls('https://a.lan/x, http://u:p@b.lan/y?k=v,/music/who?.flac')).toBe(
    'https://a.lan/x, http://‹secret›@b.lan/y?‹secret›,/music/who?.flac',
  )
})
