import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { PortError } from '@catalogsync/core/ports'

export const markerName = '.catalogsync-backend'

/** The key's segments. Throws `PortError` of class `permanent` if it is no key that may be stored. */
export function splitKey(key: string): string[] {
  const refuse = (why: string): never => {
    throw new PortError('permanent', `the name ${JSON.stringify(key.slice(0, 200))} cannot be stored: ${why}`)
  }
  if (Buffer.byteLength(key) > 1024) refuse('it is longer than 1,024 bytes')
  if (Buffer.from(key).toString() !== key) refuse('it is not well-formed Unicode')
  if (key !== key.normalize('NFC')) refuse('it is not in Unicode normal form C')
  if (/[\0-\x1f\x7f\\]/.test(key)) refuse('it has a control character or a backslash in it')
  const segments = key.split('/')
  if (segments.includes('')) refuse('it has an empty part')
  if (segments.includes('.') || segments.includes('..')) refuse('it has a "." or ".." part')
  if (segments.some((segment) => Buffer.byteLength(segment) > 255)) refuse('a part is longer than 255 bytes')
  if (segments.some(isNotOurs)) refuse('a part has a name that is kept for other purposes')
  return segments
}

/** Names in the folder that are no objects: our own marker and parts, and what NAS systems put there. */
export function isNotOurs(name: string): boolean {
  return name === markerName || parsePartName(name) !== null || clutter.has(name)
}

const clutter = new Set(['@eaDir', '#recycle', '#snapshot', '.DS_Store', 'Thumbs.db', 'lost+found'])

/** The writer of a part, told by its name, so that a sweep leaves the parts of the living alone. */
export interface PartOwner {
  host: string
  pid: number
}

export function thisOwner(): PartOwner {
  return { host: createHash('sha256').update(hostname()).digest('hex').slice(0, 8), pid: process.pid }
}

/** `.name.cs-<host>-<pid>-<token>.part`; hidden, so that no indexer opens it. */
export function partName(name: string, owner: PartOwner, token: string): string {
  let stem = name
  // Names in an encrypted shared folder (eCryptfs) have at most 143 bytes.
  while (Buffer.byteLength(stem) > 96) stem = Array.from(stem).slice(0, -1).join('')
  return `.${stem}.cs-${owner.host}-${owner.pid}-${token}.part`
}

export function parsePartName(name: string): PartOwner | null {
  const match = /^\..*\.cs-([0-9a-f]{8})-(\d+)-[0-9a-f]{8}\.part$/s.exec(name)
  return match?.[1] === undefined ? null : { host: match[1], pid: Number(match[2]) }
}
