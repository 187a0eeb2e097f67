import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase, startJob } from '@catalogsync/core'
import { loadSettings, snapshotOf } from '@catalogsync/core/config'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './run.ts'

let data: string
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'catalogsync-run-'))))
afterEach(() => rmSync(data, { recursive: true, force: true }))

interface Options {
  env?: Record<string, string>
  tty?: boolean
}

async function catalogsync(args: string[], { env = {}, tty = false }: Options = {}) {
  const said = { out: '', err: '' }
  const screen = (to: 'out' | 'err') => ({
    write: (text: string) => void (said[to] += text),
    isTTY: tty,
    columns: () => 100,
  })
  const code = await run({
    argv: args,
    env,
    cwd: '/',
    out: screen('out'),
    err: screen('err'),
    entry: '/nowhere',
    appHome: data,
    version: '1.2.3',
    stop: new AbortController().signal,
  })
  return { code, ...said }
}

interface Refusal {
  error: { code: string; facts: unknown; message: string }
}
const refusal = async (args: string[], options?: Options) => {
  const { code, out, err } = await catalogsync([...args, '--json'], options)
  expect(err).toBe('')
  return { exit: code, ...(JSON.parse(out) as Refusal).error } // what --json gives
}

const verbs = [
  ...['serve', 'runner', 'events', 'audit', 'config show', 'config check', 'item list', 'item retry'],
  ...['start', 'list', 'show', 'watch', 'pause', 'resume', 'cancel'].map((verb) => `job ${verb}`),
]

describe('help', () => {
  test.for(verbs)('explains %s, with an example', async (verb) => {
    const { code, out, err } = await catalogsync([...verb.split(' '), '--help'])
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain(`Example:\n  catalogsync ${verb}`)
    expect(out).toContain('--json')
  })

  test('names every exit code, as the documentation does', async () => {
    const { out } = await catalogsync(['--help'])
    const docs = readFileSync(join(import.meta.dirname, '../../../docs/catalogsync.md'), 'utf8')
    for (const code of Object.values(exitCodes)) {
      expect(out).toMatch(new RegExp(`^  ${code} `, 'm'))
      expect(docs).toMatch(new RegExp(`^\\| \`${code}\``, 'm'))
    }
  })

  test('is shown for a group without a verb, which is a mistake', async () => {
    const { code, out, err } = await catalogsync(['job'])
    expect([code, out]).toEqual([2, ''])
    expect(err).toContain('Usage: catalogsync job')
  })

  test('is in Chinese for those who read it', async () => {
    const { out } = await catalogsync(['job', 'pause', '--help'], { env: { LANG: 'zh_CN.UTF-8' } })
    expect(out).toContain('用法：')
    expect(out).toContain('暂停任务')
  })
})

describe('a command line that cannot be meant is refused:', () => {
  const wrong = [
    'jbo',
    'job lst',
    'job show',
    'job show one',
    'job start',
    'job start --type half',
    'job start --type full --playlist x',
    'job list --colour',
    'job list all',
    'job list --limit 0',
    'serve --port',
    '--lang fr job list',
  ]
  test.for(wrong)('%s', async (line) => {
    expect(await refusal(line.split(' '))).toMatchObject({ exit: 2, code: 'invalid_input' })
  })

  test('in the language of the reader', async () => {
    expect((await refusal(['job', 'lst', '--lang', 'zh-CN'])).message).toContain('没有命令“lst”')
    const { err } = await catalogsync(['job', 'list', '--data', data], { env: { LC_ALL: 'zh_CN.UTF-8' } })
    expect(err).toContain('没有 Catalogsync 数据库')
  })
})

test('what is not there is told apart from what is wrong', async () => {
  for (const verb of [
    'job show 1',
    'events',
    'audit',
    'item list 1',
    'job pause 1',
    'job start --type full',
  ]) {
    expect(await refusal([...verb.split(' '), '--data', data])).toMatchObject({ exit: 5, code: 'no_data' })
  }
  expect(existsSync(join(data, 'catalogsync.sqlite'))).toBe(false)
  await (await openDatabase(join(data, 'catalogsync.sqlite'))).close()
  for (const verb of [
    'job show 7',
    'job watch 7',
    'job pause 7',
    'item list 7',
    'item retry 7 1',
    'events --job 7',
  ]) {
    const error = await refusal([...verb.split(' '), '--data', data])
    expect([verb, error]).toMatchObject([verb, { exit: 3, code: 'job_not_found', facts: { id: 7 } }])
  }
  for (const what of ['playlist', 'song']) {
    const start = ['job', 'start', '--type', 'full', `--${what}`, '7', '--data', data]
    expect(await refusal(start)).toMatchObject({ exit: 3, code: `${what}_not_found`, facts: { id: 7 } })
  }
})

test('a port that is none is a mistake in the settings', async () => {
  const error = await refusal(['serve', '--data', data, '--port', '70000'])
  expect(error).toMatchObject({ exit: 5, code: 'env_invalid' })
})

test('settings are shown without secrets, and checked by making what they name', async () => {
  const file = join(data, 'catalogsync.env')
  writeFileSync(file, 'SOURCES=home\nSOURCE_HOME_TYPE=gramophone\nSOURCE_HOME_PASSWORD=hunter2\n')
  const shown = await catalogsync(['config', 'show', '--data', data])
  expect(shown.out).toMatch(/SOURCE_HOME_PASSWORD +file +‹secret›/)
  const json = await catalogsync(['config', 'show', '--data', data, '--json'])
  expect(`${shown.out}${shown.err}${json.out}${json.err}`).not.toContain('hunter2')

  const checked = await catalogsync(['config', 'check', '--data', data])
  expect([checked.code, checked.out]).toEqual([
    5,
    expect.stringContaining('"gramophone", which does not exist'),
  ])
  const report = await catalogsync(['config', 'check', '--data', data, '--json'])
  expect(JSON.parse(report.out)).toMatchObject({ ok: false, problems: [{ code: 'unknown_source_type' }] })
})

describe('with a job that nobody has begun', () => {
  beforeEach(async () => {
    const { settings, values } = loadSettings({
      flags: {},
      processEnv: {},
      dataDir: data,
      cwd: '/',
      appHome: data,
    })
    const database = await openDatabase(settings.dbPath)
    const ctx = { settings, snapshot: snapshotOf(settings, values), by: 'test', now: 1 }
    await startJob(database, { jobType: 'full', idempotencyKey: 'one' }, ctx)
    await database.close()
  })

  test('job list gives a page, and to people a table', async () => {
    const { out } = await catalogsync(['job', 'list', '--data', data, '--json'])
    expect(JSON.parse(out)).toMatchObject({ rows: [{ id: 1, status: 'queued', failures: [] }], next: null })
    const table = await catalogsync(['job', 'list', '--data', data])
    expect(table.out.split('\n')[1]).toMatch(/^ {2}1 {2}full {2}queued/)
    const none = await catalogsync(['job', 'list', '--status', 'failed', '--data', data])
    expect(none.out).toBe('No job matches.\n')
  })

  test('a command waits for a runner, which is no failure', async () => {
    const { code, out } = await catalogsync(['job', 'pause', '1', '--data', data, '--json'])
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      command: { type: 'pause', status: 'pending' },
      waitsForRunner: true,
    })
    const shown = await catalogsync(['job', 'show', '1', '--data', data])
    expect(shown.out).toContain('waiting: no runner is alive')
    expect(shown.out).toContain('waits to be applied: pause')
  })

  test('the same idempotency key starts no second job, and says so', async () => {
    const start = ['job', 'start', '--type', 'full', '--idempotency-key', 'one', '--data', data]
    expect((await catalogsync(start)).out).toContain(
      'Job 1 (full) was started with this idempotency key before',
    )
  })

  test('colour is for a terminal that wants it', async () => {
    const show = ['job', 'show', '1', '--data', data]
    expect((await catalogsync(show, { tty: true })).out).toContain('\u001b[')
    expect((await catalogsync(show, { tty: true, env: { NO_COLOR: '1' } })).out).not.toContain('\u001b')
    expect((await catalogsync(show)).out).not.toContain('\u001b')
  })

  test('events are printed in words, or one object a line', async () => {
    const words = await catalogsync(['events', '--data', data])
    expect(words.out).toMatch(/1 {2}job 1 {5}created \(full\) by test\n$/)
    const { out } = await catalogsync(['events', '--json', '--data', data])
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toMatchObject([{ kind: 'job_created' }])
  })
})
