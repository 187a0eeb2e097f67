import { lstat, readdir } from 'node:fs/promises'
import { sep } from 'node:path'
import { isMissing } from './errors.ts'
import { isNotOurs } from './keys.ts'

/**
 * Keys under `root` that begin with `prefix` and come after `after`, in the order of their UTF-8 bytes, as
 * object stores list them. Only folders that can hold such keys are read.
 */
export async function* listKeys(
  root: string,
  prefix: string,
  after: string | null,
  signal: AbortSignal,
  folder = '',
): AsyncGenerator<{ key: string; path: string }> {
  signal.throwIfAborted()
  for (const entry of await readSorted(root + sep + folder)) {
    const key = folder + entry.name
    const path = root + sep + key
    if (entry.kind === 'folder') {
      const inside = `${key}/`
      if (!inside.startsWith(prefix) && !prefix.startsWith(inside)) continue
      if (after !== null && compareKeys(inside, after) < 0 && !after.startsWith(inside)) continue
      yield* listKeys(root, prefix, after, signal, inside)
    } else if (key.startsWith(prefix) && (after === null || compareKeys(key, after) > 0)) {
      yield { key, path }
    }
  }
}

/** Order of the UTF-8 bytes; JavaScript's own order differs beyond the Basic Multilingual Plane. */
export const compareKeys = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))

interface Entry {
  name: string
  kind: 'file' | 'folder'
}

/** Plain files and folders, folders sorted as if their name ended with `/`: so that the keys come in order. */
async function readSorted(path: string): Promise<Entry[]> {
  const found = await readdir(path, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return []
    throw error
  })
  const entries: (Entry & { sortKey: Buffer })[] = []
  for (const entry of found) {
    if (isNotOurs(entry.name) || (!entry.isFile() && !entry.isDirectory())) continue
    const name = await keyName(path, entry.name)
    if (name === null) continue
    const kind = entry.isFile() ? 'file' : 'folder'
    entries.push({ name, kind, sortKey: Buffer.from(kind === 'file' ? name : `${name}/`) })
  }
  return entries.sort((a, b) => Buffer.compare(a.sortKey, b.sortKey))
}

/** Some file systems give names back in another normal form. A stranger's file with such a name is no object. */
async function keyName(folder: string, name: string): Promise<string | null> {
  const nfc = name.normalize('NFC')
  if (nfc === name) return name.includes('\ufffd') ? null : name
  return lstat(folder + sep + nfc).then(
    () => nfc,
    () => null,
  )
}
