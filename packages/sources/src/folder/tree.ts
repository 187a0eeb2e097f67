import { readdir, realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import type { Dirent } from 'node:fs'
import { away, errorCode, readError } from './errors.ts'

export type EntryKind = 'file' | 'folder' | 'link' | 'other'

/** A name on disk may be NFC, NFD or neither; only its exact form opens the file. */
export interface TreeEntry {
  /** As it is on disk. */
  name: string
  /** NFC, unless a neighbour has that very name. Stable when the tree is copied to another system. */
  id: string
  kind: EntryKind
}

/** `real`: without links, relative to the root. */
export type Followed = { kind: 'file' | 'folder' | 'other'; real: string } | 'outside' | 'nowhere'

/** A folder of people's files, only ever read. */
export interface Tree {
  /** Absolute, as configured. */
  root: string
  /** Absolute path of a path relative to the root; `''` is the root. */
  absolute(path: string): string
  /** Sorted by name. Throws `PortError`. */
  read(path: string): Promise<TreeEntry[]>
  /** What a symbolic link leads to. Only what stays inside the root is the source's to give. */
  follow(path: string): Promise<Followed>
}

/** Throws `PortError` of class `blocked` if the root is not there. */
export async function openTree(root: string, signal: AbortSignal): Promise<Tree> {
  signal.throwIfAborted()
  const realRoot = await realpath(root).catch((error: unknown) => {
    throw rootError(root, error)
  })
  if (!(await stat(realRoot)).isDirectory()) throw away(root, 'is not a folder')
  const absolute = (path: string) => (path === '' ? realRoot : realRoot + sep + path)

  return {
    root,
    absolute,
    async read(path) {
      try {
        return toEntries(await readdir(absolute(path), { withFileTypes: true }))
      } catch (error) {
        throw path === '' ? rootError(root, error) : readError(path, error)
      }
    },
    async follow(path) {
      if (path.includes('\0')) return 'nowhere'
      try {
        const real = await realpath(absolute(path))
        if (real !== realRoot && !real.startsWith(realRoot + sep)) return 'outside'
        const kind = kindOf(await stat(real))
        return { kind: kind === 'link' ? 'other' : kind, real: real.slice(realRoot.length + 1) }
      } catch (error) {
        if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error))) return 'nowhere'
        throw readError(path, error)
      }
    },
  }
}

function rootError(root: string, error: unknown): Error {
  const code = errorCode(error)
  if (code === 'EACCES' || code === 'EPERM') return away(root, 'cannot be read: permission denied', error)
  return away(
    root,
    code === 'ENOENT' || code === 'ENOTDIR' ? 'is not there' : `cannot be read: ${code}`,
    error,
  )
}

function toEntries(found: Dirent[]): TreeEntry[] {
  const names = new Set(found.map((entry) => entry.name))
  return found
    .map((entry) => {
      const nfc = entry.name.normalize('NFC')
      return { name: entry.name, id: names.has(nfc) ? entry.name : nfc, kind: kindOf(entry) }
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function kindOf(entry: Pick<Dirent, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): EntryKind {
  if (entry.isFile()) return 'file'
  if (entry.isDirectory()) return 'folder'
  return entry.isSymbolicLink() ? 'link' : 'other'
}
