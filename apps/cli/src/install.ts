import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The root of the install: the nearest folder upwards whose package.json is the one of the whole product. */
export function installFolder(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    if (
      existsSync(file) &&
      (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'catalogsync'
    ) {
      return folder
    }
    if (folder === dirname(folder)) return from
  }
}
