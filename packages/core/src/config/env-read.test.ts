import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { assignmentsOf } from './env-file.ts'
import { envFileMaxBytes, parseEnvBytes, readEnvFile } from './env-read.ts'

let dir: string
beforeEach(() => void (dir = mkdtempSync(join(tmpdir(), 'catalogsync-env-'))))
afterEach(() => rmSync(dir, { recursive: true }))

test('a missing file is null, not a problem', () => {
  expect(readEnvFile(join(dir, 'none.env'))).toBeNull()
  expect(readEnvFile(join(dir, 'none', 'none.env'))).toBeNull()
})

test('a file with a byte order mark and CRLF line ends is read', () => {
  const path = join(dir, 'dos.env')
  writeFileSync(path, '\uFEFFWEB_PORT=9000\r\nTZ=Asia/Shanghai\r\n')
  const file = readEnvFile(path)
  expect(file?.problems).toEqual([])
  expect(file && assignmentsOf(file).get('WEB_PORT')?.value).toBe('9000')
  expect(file?.bom).toBe('\uFEFF')
})

test('a symbolic link to a file is followed', () => {
  writeFileSync(join(dir, 'real.env'), 'A=1\n')
  symlinkSync(join(dir, 'real.env'), join(dir, 'link.env'))
  expect(readEnvFile(join(dir, 'link.env'))?.lines).toHaveLength(1)
})

test.each([
  ['a folder', (path: string) => mkdirSync(path), 'not a regular file'],
  ['a named pipe', (path: string) => execFileSync('mkfifo', [path]), 'not a regular file'],
  [
    'a huge file',
    (path: string) => writeFileSync(path, Buffer.alloc(envFileMaxBytes + 1, 'a')),
    'larger than 1 MiB',
  ],
])('%s in its place is a problem and no lines', (_, make, problem) => {
  const path = join(dir, 'catalogsync.env')
  make(path)
  const file = readEnvFile(path)
  expect(file?.lines).toEqual([])
  expect(file?.problems[0]?.problem).toContain(problem)
})

test.each([
  ['UTF-16', Buffer.from('\uFEFFA=1\n', 'utf16le'), 1, 'UTF-16'],
  ['UTF-16 without a mark', Buffer.from('A=1\n', 'utf16le'), 1, 'NUL'],
  ['a program', Buffer.from('A=1\n\x7fELF\0\0'), 2, 'NUL'],
  ['Latin-1 text', Buffer.from('A=1\nB=2\nC=\xe9t\xe9\n', 'latin1'), 3, 'not UTF-8'],
  ['text cut inside a letter', Buffer.from('A=1\nB=夜').subarray(0, -1), 2, 'not UTF-8'],
])('%s is a problem that names the line', (_, bytes, line, problem) => {
  const file = parseEnvBytes(bytes)
  expect(file.lines).toEqual([])
  expect(file.problems).toHaveLength(1)
  expect(file.problems[0]?.line).toBe(line)
  expect(file.problems[0]?.problem).toContain(problem)
})

test('the largest file allowed is read, even as one line or as a million lines', () => {
  for (const text of [
    '\n'.repeat(envFileMaxBytes),
    `A${' '.repeat(envFileMaxBytes - 2)}b`,
    `A="${'\\'.repeat(envFileMaxBytes - 3)}`,
  ]) {
    expect(parseEnvBytes(Buffer.from(text)).lines.length).toBeGreaterThan(0)
  }
})
