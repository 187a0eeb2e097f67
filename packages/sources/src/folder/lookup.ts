import type { Followed, Tree, TreeEntry } from './tree.ts'
import { join } from './walk.ts'

export type Found =
  | { kind: 'file' | 'folder' | 'other'; path: string; id: string }
  /** As far as it exists it is spelled as on disk, the rest as it was asked for. */
  | { kind: 'missing'; path: string; id: string }
  | { kind: 'outside' }

export type Lookup = (path: string) => Promise<Found>

/**
 * Finds files by paths that another system may have written: if the exact name is not there, one that is
 * equal in NFC is taken, then one that differs in case only. Folders are read once; use it for one call.
 */
export function createLookup(tree: Tree): Lookup {
  const folders = new Map<string, Promise<Folder>>()
  const folder = (path: string): Promise<Folder> => {
    let known = folders.get(path)
    if (!known) folders.set(path, (known = tree.read(path).then(indexFolder)))
    return known
  }

  return async (path) => {
    const segments = path.split('/').filter((segment) => segment !== '' && segment !== '.')
    let at: { kind: TreeEntry['kind']; path: string; id: string } = { kind: 'folder', path: '', id: '' }
    for (const [i, segment] of segments.entries()) {
      const entry: TreeEntry | undefined =
        at.kind === 'folder' ? pick(await folder(at.path), segment) : undefined
      const followed: Followed | null =
        entry?.kind === 'link' ? await tree.follow(join(at.path, entry.name)) : null
      if (followed === 'outside') return { kind: 'outside' }
      if (!entry || followed === 'nowhere') {
        const rest = segments.slice(i).join('/')
        return { kind: 'missing', path: join(at.path, rest), id: join(at.id, rest.normalize('NFC')) }
      }
      const kind: TreeEntry['kind'] = followed?.kind ?? entry.kind
      at = { kind, path: join(at.path, entry.name), id: join(at.id, entry.id) }
    }
    return { ...at, kind: at.kind === 'link' ? 'other' : at.kind }
  }
}

interface Folder {
  exact: Map<string, TreeEntry>
  nfc: Map<string, TreeEntry>
  folded: Map<string, TreeEntry>
}

function indexFolder(entries: TreeEntry[]): Folder {
  const index: Folder = { exact: new Map(), nfc: new Map(), folded: new Map() }
  for (const entry of entries) {
    index.exact.set(entry.name, entry)
    first(index.nfc, entry.name.normalize('NFC'), entry)
    first(index.folded, fold(entry.name), entry)
  }
  return index
}

const fold = (name: string): string => name.normalize('NFC').toLowerCase()

function first(map: Map<string, TreeEntry>, key: string, entry: TreeEntry): void {
  if (!map.has(key)) map.set(key, entry)
}

function pick(folder: Folder, name: string): TreeEntry | undefined {
  return folder.exact.get(name) ?? folder.nfc.get(name.normalize('NFC')) ?? folder.folded.get(fold(name))
}
