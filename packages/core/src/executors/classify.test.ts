import { AppError, failureClasses } from '@catalogsync/contract'
import { describe, expect, test } from 'vitest'
import { keptFree } from '../library/volume.ts'
import { PortError } from '../ports/index.ts'
import { classifyError, reasonKey } from './classify.ts'

const port = { kind: 'source', ref: 'home' } as const
const live = new AbortController().signal
const classify = (error: unknown, signal = live) => classifyError(error, { port, signal })

function errno(code: string, path = '/library/A'): Error {
  return Object.assign(new Error(`${code}: words, open '${path}'`), { code, syscall: 'open', path })
}

describe('classifyError', () => {
  test.each(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO', 'ESTALE', 'ENOTCONN'])(
    '%s closes the library’s gate',
    (code) => {
      expect(classify(errno(code))).toMatchObject({
        kind: 'retry',
        class: 'local',
        gate: { kind: 'volume', ref: 'library' },
        reason: expect.stringMatching(/\(E[A-Z]+\) at "\/library\/A"$/) as string,
      })
    },
  )

  test.each(['EACCES', 'EPERM'])('%s of one folder is its song’s own trouble', (code) => {
    expect(classify(errno(code))).toMatchObject({ kind: 'retry', class: 'local', gate: null })
  })

  test('a full disk says how much must be free before it is tried again', () => {
    expect(classify(errno('ENOSPC'))).toMatchObject({ needBytes: keptFree })
    expect(classify(errno('EROFS'))).not.toHaveProperty('needBytes')
  })

  test('other errors of the file system are tried again, names that cannot be are not', () => {
    expect(classify(errno('ENOENT'))).toMatchObject({ kind: 'retry', class: 'transient', gate: null })
    expect(classify(errno('EMFILE'))).toMatchObject({ kind: 'retry', class: 'transient', gate: null })
    expect(classify(errno('ENAMETOOLONG'))).toMatchObject({ kind: 'failed', class: 'permanent' })
  })

  test.each(failureClasses)('a port’s %s error keeps its class and its reason', (failureClass) => {
    const outcome = classify(new PortError(failureClass, 'because', { afterMs: 5 }))
    expect(outcome).toMatchObject({ class: failureClass, reason: 'because' })
    const closesGate = ['blocked', 'auth', 'local'].includes(failureClass)
    if (closesGate) expect(outcome).toMatchObject({ kind: 'retry', gate: port, afterMs: 5 })
    else if (failureClass === 'transient')
      expect(outcome).toMatchObject({ kind: 'retry', gate: null, afterMs: 5 })
    else expect(outcome.kind).toBe('failed')
  })

  test('an aborted signal wins over whatever was thrown', () => {
    expect(classify(new PortError('permanent', 'x'), AbortSignal.abort())).toEqual({ kind: 'released' })
    expect(classify(errno('EIO'), AbortSignal.abort())).toEqual({ kind: 'released' })
  })

  test('an adapter’s own timeout is transient', () => {
    const timeout = new DOMException('The operation was aborted due to timeout', 'TimeoutError')
    expect(classify(timeout)).toMatchObject({
      kind: 'retry',
      class: 'transient',
      reason: '"home" did not answer in time',
    })
  })

  test('an unknown error is told in one line, without a stack', () => {
    const outcome = classify(new TypeError('x is not a function\n    at secret.ts:1'))
    expect(outcome).toEqual({
      kind: 'retry',
      class: 'transient',
      reason: 'unexpected error: x is not a function',
      afterMs: null,
      gate: null,
    })
    expect(classify('a string')).toMatchObject({ kind: 'retry', class: 'transient' })
  })

  test('a broken rule fails the item in its own words', () => {
    const error = new AppError('invalid_input', { what: 'path "a"', problem: 'leads out' })
    expect(classify(error)).toEqual({ kind: 'failed', class: 'permanent', reason: 'path "a": leads out' })
  })
})

describe('reasonKey', () => {
  const key = (reason: string) => reasonKey('download', 'home', 'permanent', reason)

  test.each([
    ['file vanished from disk: "A/B/01 - C.flac"', 'file vanished from disk: "X Y/1.mp3"'],
    ['12 bytes were promised, the source gave 8', '7,000 bytes were promised, the source gave 6999'],
    ['it plays 3.1 s instead of 5.0 s', 'it plays 30.5 s instead of 5.5 s'],
    ['404 from https://x.example/a?id=1', '500 from http://y.example:80/b'],
    ['gone: /music/a/b.flac', 'gone: /music/c.flac'],
    ['no item 0f8fad5b-d9cb-469f-a165-70867728950e', 'no item 7c9e6679-7425-40de-944b-e07fc1f90ae7'],
    ['hash d41d8cd98f00b204e9800998ecf8427e differs', 'hash 9e107d9d372bb6826bd81d3542a419d6 differs'],
    ["song 'It’s' is gone", "song 'Other one' is gone"],
    ['歌曲“夜”不存在', '歌曲“昼”不存在'],
    ['disk full on "/a b": 3 MB short', 'disk full on "/c": 12 MB short'],
  ])('%s and %s are one group', (a, b) => {
    expect(key(a)).toBe(key(b))
  })

  test('different reasons, stages, sources and classes are different groups', () => {
    const keys = [
      key('file vanished from disk: "a"'),
      key('file changed on disk: "a"'),
      key("it isn't there and it won't come"),
      key("it isn't here and it won't come"),
      reasonKey('upload', 'home', 'permanent', 'x'),
      reasonKey('download', 'other', 'permanent', 'x'),
      reasonKey('download', 'home', 'transient', 'x'),
    ]
    expect(new Set(keys).size).toBe(keys.length)
    expect(keys[0]).toBe('download:home:permanent:file vanished from disk: …')
  })

  test('a reason without end makes a short key', () => {
    expect(key('a"/ '.repeat(100_000)).length).toBeLessThanOrEqual(240)
  })
})
