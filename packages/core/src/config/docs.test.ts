import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { exampleEnv, settingsPage } from './docs.ts'
import { parseEnv } from './env-file.ts'
import { familyLabel, familyTable } from './families.ts'
import { loadSettings } from './load.ts'
import { settingKeys } from './schema.ts'

function load(text: string | null) {
  const dir = mkdtempSync(join(tmpdir(), 'catalogsync-docs-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  if (text !== null) writeFileSync(join(dir, 'catalogsync.env'), text)
  const loaded = loadSettings({ flags: {}, processEnv: {}, dataDir: dir, cwd: dir, appHome: dir })
  return { ...loaded, settings: JSON.parse(JSON.stringify(loaded.settings).replaceAll(dir, '')) as object } // plain data
}

test('the example file changes nothing but to resume after a crash', () => {
  const { settings, notices } = load(exampleEnv())
  expect(settings).toEqual({ ...load(null).settings, recoveryMode: 'resume' })
  expect(notices).toEqual([])
})

test('every default that the example file shows is the real one', () => {
  const shown =
    exampleEnv().split('# For example')[0] + exampleEnv().slice(exampleEnv().indexOf('# --- Runner'))
  const { settings, notices } = load(shown.replace(/^#(?=[A-Z_]+=)/gm, ''))
  expect(settings).toEqual({ ...load(null).settings, recoveryMode: 'resume' })
  expect(notices).toEqual([])
})

test('the worked examples in it can be used as they are', () => {
  const lines = exampleEnv()
    .split('\n')
    .filter((line) => /^#(SOURCE|BACKEND)[A-Z_]*=./.test(line))
  const { settings, notices } = load(lines.map((line) => line.slice(1)).join('\n'))
  expect(settings).toMatchObject({ sources: [{ id: 'home' }, { id: 'input' }], backends: [{ id: 'nas' }] })
  expect(notices).toEqual([])
})

test('every key and key family is on the settings page, and every key of the file in the example', () => {
  const keys = [...settingKeys, ...familyTable.map(familyLabel)]
  for (const key of keys) expect(settingsPage().split(`| \`${key}\` |`)).toHaveLength(2)
  const assigned = parseEnv(exampleEnv().replace(/^#(?=[A-Z_]+=)/gm, '')).lines.flatMap((line) =>
    line.kind === 'assignment' ? line.key : [],
  )
  for (const key of settingKeys) if (key !== 'ENV_FILE' && key !== 'APP_HOME') expect(assigned).toContain(key)
})
