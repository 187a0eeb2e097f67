import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { closeSync, mkdirSync, openSync, readFileSync, writeSync, fsyncSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '@catalogsync/contract'

/**
 * The admin token of a data folder, made at the first call: 256 random bits, in a file that only its owner reads.
 * Who replaces the file's content and starts the server again has a new token.
 * @throws AppError `folder_not_writable`
 */
export function adminToken(folder: string): string {
  const file = join(folder, 'admin-token')
  try {
    return existing(file) ?? made(folder, file)
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    throw new AppError(
      'folder_not_writable',
      { path: file, what: 'the admin token', cause },
      { cause: error },
    )
  }
}

function existing(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim() || null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function made(folder: string, file: string): string {
  const token = randomBytes(32).toString('base64url')
  mkdirSync(folder, { recursive: true })
  const fd = openSync(file, 'w', 0o600)
  try {
    writeSync(fd, `${token}\n`)
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
  return token
}

/** Takes the same time for every wrong answer. */
export function sameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
