import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { settingsFiles } from './docs-settings.ts'

test('the example file and the settings page say what the schema says (else: npm run docs:settings)', async () => {
  for (const file of await settingsFiles(fileURLToPath(new URL('..', import.meta.url)))) {
    expect(readFileSync(file.path, 'utf8'), file.path).toBe(file.text)
  }
})
