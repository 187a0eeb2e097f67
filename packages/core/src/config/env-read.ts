import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { type EnvFile, parseEnv } from './env-file.ts'

export const envFileMaxBytes = 1024 * 1024

/**
 * Reads and parses a settings file; null if there is none. What cannot be read as settings (too big, binary,
 * UTF-16, not a file) is a problem of the answer, and then there are no lines.
 */
export function readEnvFile(path: string): EnvFile | null {
  let fd: number
  try {
    // Non-blocking, or a named pipe in place of the file would hang the start.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code // fs errors carry a code
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    return unusable(`cannot be read (${code ?? 'unknown error'})`)
  }
  try {
    const stat = fstatSync(fd)
    if (!stat.isFile()) return unusable('is not a regular file')
    if (stat.size > envFileMaxBytes) return tooBig()
    return parseEnvBytes(readAll(fd))
  } finally {
    closeSync(fd)
  }
}

/** Parses the bytes of a settings file: UTF-8, with or without a byte order mark, at most 1 MiB. */
export function parseEnvBytes(bytes: Uint8Array): EnvFile {
  if (bytes.length > envFileMaxBytes) return tooBig()
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) {
    return unusable('is UTF-16 text; save it as UTF-8', 1)
  }
  const nul = bytes.indexOf(0)
  if (nul !== -1)
    return unusable('holds a NUL byte: it is binary or UTF-16, not UTF-8 text', lineAt(bytes, nul))
  try {
    return parseEnv(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    return unusable('is not UTF-8 text; save it as UTF-8', lineAt(bytes, firstInvalid(bytes)))
  }
}

/** One byte more than allowed is enough to know that a file which grew meanwhile is too big. */
function readAll(fd: number): Uint8Array {
  const buffer = new Uint8Array(envFileMaxBytes + 1)
  let length = 0
  while (length < buffer.length) {
    const read = readSync(fd, buffer, length, buffer.length - length, null)
    if (read === 0) break
    length += read
  }
  return buffer.subarray(0, length)
}

function unusable(problem: string, line: number | null = null): EnvFile {
  return { bom: '', lines: [], problems: [{ line, key: null, problem: `the file ${problem}` }] }
}

function tooBig(): EnvFile {
  return unusable('is larger than 1 MiB; this is not a settings file')
}

function lineAt(bytes: Uint8Array, offset: number): number {
  let line = 1
  for (let at = 0; at < offset; at++) if (bytes[at] === 0x0a) line++
  return line
}

/** Replacing what is invalid changes the bytes from there on. */
function firstInvalid(bytes: Uint8Array): number {
  const mended = new TextEncoder().encode(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes))
  return mended.findIndex((byte, at) => byte !== bytes[at])
}
