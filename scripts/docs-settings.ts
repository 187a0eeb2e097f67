import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { exampleEnv, settingsPage } from '@catalogsync/core/config'
import { format, resolveConfig } from 'prettier'

/** Where the files made from the settings schema are, in the checkout. */
export const madeFrom = {
  example: 'scripts/templates/catalogsync.env.example',
  page: 'docs/settings.md',
} as const

/** What those files must hold. */
export async function settingsFiles(checkout: string): Promise<{ path: string; text: string }[]> {
  const page = join(checkout, madeFrom.page)
  const style = await resolveConfig(page)
  return [
    { path: join(checkout, madeFrom.example), text: exampleEnv() },
    { path: page, text: await format(settingsPage(), { ...style, filepath: page }) },
  ]
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const file of await settingsFiles(fileURLToPath(new URL('..', import.meta.url)))) {
    await mkdir(dirname(file.path), { recursive: true })
    await writeFile(file.path, file.text)
    console.log(file.path)
  }
}
