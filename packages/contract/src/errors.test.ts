import { describe, expect, test } from 'vitest'
import { AppError, errorText, type ErrorCode, type ErrorFacts } from './errors.ts'

const samples: { [C in ErrorCode]: ErrorFacts[C] } = {
  invalid_input: { what: 'the job', problem: 'no such type' },
  job_not_found: { id: 7001 },
  item_not_found: { id: 7002, jobId: 7003 },
  command_not_found: { id: 7004 },
  playlist_not_found: { id: 7005 },
  song_not_found: { id: 7006 },
  not_signed_in: {},
  wrong_token: {},
  role_needed: { role: 'operator', path: 'jobs.start' },
  foreign_origin: { origin: 'http://evil.example' },
  not_json: { type: 'text/plain' },
  too_many: { what: 'subscriptions', limit: 32 },
  unknown_source: { id: 'attic', known: ['home', 'work'] },
  unknown_backend: { id: 'attic', known: [] },
  unknown_source_type: { id: 'home', type: 'gopher', known: ['folder'] },
  unknown_backend_type: { id: 'nas', type: 'tape', known: ['filesystem'] },
  nothing_configured: { what: 'source', envFile: '/data/catalogsync.env' },
  env_file_missing: { path: '/data/catalogsync.env' },
  env_invalid: {
    path: '/data/catalogsync.env',
    problems: [{ line: 12, key: 'WEB_PORT', problem: 'not a number' }],
  },
  folder_not_writable: { path: '/volume4/music', what: 'LIBRARY_DIR', cause: 'permission denied' },
  database_newer: { path: '/data/catalogsync.db', found: '0009-later', known: '0001-first' },
  database_unusable: { path: '/data/catalogsync.db', cause: 'the file is damaged' },
  port_in_use: { host: '127.0.0.1', port: 8421 },
  cannot_listen: { host: '127.0.0.1', port: 8421, cause: 'permission denied' },
  node_too_old: { found: 'v20.0.0', needed: 'v22.14' },
  no_data: { path: '/data/catalogsync.db' },
  library_marker_missing: { path: '/volume4/music', marker: '.catalogsync-library' },
  runner_id_taken: { path: '/data/runners/a.lock' },
  runner_ousted: { runnerId: 'nas-7-0a1b2c3d' },
  internal: { what: 'a counter' },
}
const codes = Object.keys(samples) as ErrorCode[]

/** Facts that a reader needs; the lists of what is known may be left out of a sentence. */
const told = (code: ErrorCode): string[] =>
  Object.entries(samples[code] as Record<string, unknown>).flatMap(([name, fact]) => {
    if (code === 'nothing_configured' && name === 'what') return []
    return typeof fact === 'string' || typeof fact === 'number' ? [String(fact)] : []
  })

describe.each(codes)('%s', (code) => {
  test.each(['en', 'zh-CN'] as const)('has a sentence with its facts in %s', (language) => {
    const text = errorText(code, samples[code], language)
    expect(text.trim()).not.toBe('')
    expect(text).not.toMatch(/undefined|null|NaN|\[object/)
    for (const fact of told(code)) expect(text).toContain(fact)
  })

  test('reads differently in the two languages', () => {
    expect(errorText(code, samples[code], 'zh-CN')).toMatch(
      code === 'invalid_input' ? /：/ : /\p{Script=Han}/u,
    )
    expect(errorText(code, samples[code], 'en')).not.toMatch(/\p{Script=Han}/u)
  })
})

test('an error carries its code, its facts and the English sentence', () => {
  const error = new AppError('job_not_found', { id: 5 }, { cause: 'because' })
  expect(error).toMatchObject({ name: 'AppError', code: 'job_not_found', facts: { id: 5 }, cause: 'because' })
  expect(error.message).toBe(errorText('job_not_found', { id: 5 }))
})

test('each problem of a settings file stands on a line of its own, with its line and key', () => {
  const problems = [
    { line: 3, key: 'TZ', problem: 'no such zone' },
    { line: null, key: null, problem: 'it is not text' },
  ]
  expect(errorText('env_invalid', { path: 'a.env', problems })).toBe(
    'The settings in a.env cannot be used:\n  line 3 TZ: no such zone\n  it is not text',
  )
})
