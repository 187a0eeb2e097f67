import { PortError } from '@catalogsync/core/ports'
import type { CallContext } from '@catalogsync/core/ports'
import { quoted } from './errors.ts'
import { badId, isClutter } from './names.ts'
import type { Followed, Tree } from './tree.ts'

export interface WalkedFolder {
  /** Relative to the root, as on disk; `''` is the root. */
  path: string
  /** The same in NFC. */
  id: string
  files: { path: string; id: string; name: string }[]
}

/**
 * Every folder of the tree once, parents first, in name order, with its files. Folders that are only
 * reachable through a link inside the tree come last. What cannot be read is told to `onSkip`.
 */
export async function* walk(tree: Tree, ctx: CallContext, onSkip: () => void): AsyncGenerator<WalkedFolder> {
  const seen = new Set<string>()
  const open: PlacedFolder[] = [{ path: '', id: '', real: '' }]
  const links: PlacedFolder[] = []

  for (;;) {
    const folder = open.pop() ?? links.shift()
    if (!folder) return
    ctx.signal.throwIfAborted()
    // A link may lead to a folder that another path reaches too, or back up to its own parent.
    if (seen.has(folder.real)) continue
    seen.add(folder.real)

    const found = await readFolder(tree, folder, ctx).catch((error: unknown) => {
      if (folder.path === '' || !(error instanceof PortError) || error.class === 'blocked') throw error
      onSkip()
      ctx.log('warn', `left out: ${error.reason}`)
      return null
    })
    if (!found) continue
    open.push(...found.folders.reverse())
    links.push(...found.links)
    yield { path: folder.path, id: folder.id, files: found.files }
  }
}

/** What lies in one folder, without clutter and without links that lead out of the tree. Throws `PortError`. */
export async function readFolder(tree: Tree, folder: PlacedFolder, ctx: CallContext): Promise<ReadFolder> {
  const found: ReadFolder = { files: [], folders: [], links: [] }
  for (const entry of await tree.read(folder.path)) {
    if (isClutter(entry.name)) continue
    const at = { path: join(folder.path, entry.name), id: join(folder.id, entry.id) }
    const why = badId(at.id)
    if (why !== null) {
      ctx.log('warn', `left out: ${quoted(at.path.slice(0, 200))}: ${why}`)
      continue
    }
    const real = join(folder.real, entry.name)
    const to = entry.kind === 'link' ? await follow(tree, at.path, ctx) : { kind: entry.kind, real }
    if (to?.kind === 'file') found.files.push({ ...at, name: entry.name })
    else if (to?.kind === 'folder')
      (entry.kind === 'link' ? found.links : found.folders).push({ ...at, real: to.real })
  }
  return found
}

export const join = (folder: string, name: string): string => (folder === '' ? name : `${folder}/${name}`)

interface PlacedFolder {
  path: string
  id: string
  /** Without links, relative to the real root. */
  real: string
}

interface ReadFolder {
  files: WalkedFolder['files']
  folders: PlacedFolder[]
  links: PlacedFolder[]
}

/** Null, and a line in the log, if the link is not to be followed. */
async function follow(tree: Tree, path: string, ctx: CallContext): Promise<Exclude<Followed, string> | null> {
  const to = await tree.follow(path).catch((error: unknown) => String(error))
  if (typeof to !== 'string') return to
  const why = { outside: `the link leads outside ${tree.root}`, nowhere: 'the link leads nowhere' }[to]
  ctx.log('warn', `left out: ${quoted(path)}: ${why ?? to}`)
  return null
}
