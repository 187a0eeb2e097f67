import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadSettings } from '@catalogsync/core/config'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { demoEnv, writeDemoEnv } from './env.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), "catalogsync it's a demo $HOME "))))
afterEach(() => rmSync(dir, { recursive: true }))

const envFile = () => join(dir, 'catalogsync.env')

test('the demo is one folder source, one folder backend, and pauses after a crash', async () => {
  expect(await writeDemoEnv(dir)).toBe('written')
  expect(readFileSync(envFile(), 'utf8')).toBe(demoEnv(dir))
  const { settings, notices } = loadSettings({
    flags: {},
    processEnv: {},
    dataDir: dir,
    cwd: '/',
    appHome: '/',
  })
  expect(settings.sources[0]).toEqual({ id: 'demo', type: 'folder', values: { PATH: join(dir, 'demo') } })
  expect(settings.backends).toEqual([
    { id: 'bucket', type: 'filesystem', values: { PATH: join(dir, 'bucket') } },
  ])
  expect(settings.recoveryMode).toBe('pause')
  expect(notices).toEqual([])
})

test('a file that configures the demo is kept, whatever else was changed in it', async () => {
  writeFileSync(envFile(), `${demoEnv(dir)}RECOVERY_MODE=resume\n`)
  const before = statSync(envFile(), { bigint: true }).ctimeNs
  expect(await writeDemoEnv(dir)).toBe('kept')
  expect(statSync(envFile(), { bigint: true }).ctimeNs).toBe(before)
})

test("an operator's own file is never changed, and the error says so", async () => {
  const text = 'SOURCES=home\nSOURCE_HOME_TYPE=folder\nSOURCE_HOME_PATH=/music\n'
  writeFileSync(envFile(), text)
  await expect(writeDemoEnv(dir)).rejects.toMatchObject({ code: 'invalid_input', facts: { what: '--demo' } })
  expect(readFileSync(envFile(), 'utf8')).toBe(text)
})

test('a settings file somewhere else can be named', async () => {
  const elsewhere = join(dir, 'etc', 'demo.env')
  expect(await writeDemoEnv(dir, elsewhere)).toBe('written')
  expect(await writeDemoEnv(dir, elsewhere)).toBe('kept')
})
