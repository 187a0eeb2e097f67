import { readdir, stat, unlink } from 'node:fs/promises'
import { sep } from 'node:path'
import { isMissing } from './errors.ts'
import { parsePartName } from './keys.ts'
import type { PartOwner } from './keys.ts'

/** A part of another machine is taken for stale when nothing was written to it for this long. */
const staleMs = 60 * 60 * 1000

/**
 * Removes the parts that no living process of this product writes any more; returns how many. `active` are
 * this process's own; `now` is in milliseconds. On this machine the writer's process id tells, elsewhere only the part's age.
 */
export async function sweepParts(
  root: string,
  owner: PartOwner,
  active: ReadonlySet<string>,
  now: number,
  signal: AbortSignal,
): Promise<number> {
  const folders = [root]
  let removed = 0
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted()
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      const path = folder + sep + entry.name
      if (entry.isDirectory()) folders.push(path)
      const writer = entry.isFile() ? parsePartName(entry.name) : null
      if (!writer || active.has(path) || (await isAlive(writer, owner, path, now))) continue
      await unlink(path).catch((error: unknown) => {
        if (!isMissing(error)) throw error
      })
      removed++
    }
  }
  return removed
}

async function isAlive(writer: PartOwner, self: PartOwner, path: string, now: number): Promise<boolean> {
  // Our own id and not active: left by an earlier process that had the same id.
  if (writer.host === self.host && writer.pid === self.pid) return false
  if (writer.host === self.host && !processExists(writer.pid)) return false
  const found = await stat(path).catch(() => null)
  return found !== null && now - found.mtimeMs < staleMs
}

function processExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
