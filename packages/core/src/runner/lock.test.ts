import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { rejection } from '../testing/call-context.ts'
import { holdLock, isDead } from './lock.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'catalogsync-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('a runner is alive while it holds its lock, and dead once it has let go', () => {
  const lock = holdLock(folder, 'nas-1')
  expect(isDead(folder, 'nas-1')).toBe(false)
  lock.release()
  expect(isDead(folder, 'nas-1')).toBe(true)
})

test('looking at a lock does not take it', () => {
  const lock = holdLock(folder, 'nas-1')
  for (let i = 0; i < 3; i++) expect(isDead(folder, 'nas-1')).toBe(false)
  lock.release()
})

test('an id that is held cannot be taken by another', async () => {
  const lock = holdLock(folder, 'nas-1')
  expect(await rejection(Promise.resolve().then(() => holdLock(folder, 'nas-1')))).toMatchObject({
    code: 'runner_id_taken',
  })
  lock.release()
})

test('a folder that cannot be made is said by name', async () => {
  writeFileSync(path.join(folder, 'file'), '')
  expect(
    await rejection(Promise.resolve().then(() => holdLock(path.join(folder, 'file', 'x'), 'nas-1'))),
  ).toMatchObject({ code: 'folder_not_writable' })
})

test('a lock that cannot be opened proves nothing: its runner counts as alive', () => {
  mkdirSync(path.join(folder, 'nas-1.lock'))
  expect(isDead(folder, 'nas-1')).toBe(false)
})
