import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openDatabase } from '@catalogsync/core'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { catalogsync, endAll, library } from './testing/cli.ts'

let data: string
beforeEach(() => void (data = mkdtempSync(join(tmpdir(), 'catalogsync-errors-'))))
afterEach(async () => {
  await endAll()
  rmSync(data, { recursive: true, force: true })
})

/** Runs it for people and for programs; neither may ever see a stack. */
async function refusal(args: string[], options?: Parameters<typeof catalogsync>[1]) {
  const both = [catalogsync(args, options), catalogsync([...args, '--json'], options)] as const
  const [person, program] = await Promise.all(both)
  expect(person.out).toBe('')
  expect(program.err).toBe('')
  expect(`${person.err}${program.out}`).not.toMatch(/\n {4}at |node:internal/)
  expect(program.code).toBe(person.code)
  const [document] = program.lines() as [{ error: { code: string; facts: unknown; message: string } }] // of --json
  expect(person.err).toContain(document.error.message.split('\n')[0])
  return { exit: person.code, says: person.err, ...document.error }
}

const envFile = (text: string): string => {
  const file = join(data, 'catalogsync.env')
  writeFileSync(file, text)
  return file
}

describe('a clear error, with its exit code and without a stack:', () => {
  test('the port is in use, and nothing was changed', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo // listening on TCP, so never a pipe's name
    const fresh = join(data, 'fresh')
    const args = ['serve', '--demo', '--data', fresh, '--host', '127.0.0.1', '--port', String(port)]
    const error = await refusal(args)
    expect(error).toMatchObject({ exit: 5, code: 'port_in_use', facts: { host: '127.0.0.1', port } })
    expect(existsSync(fresh)).toBe(false)
    other.close()
  })

  test('the data folder cannot be written to', async () => {
    writeFileSync(join(data, 'a-file'), '')
    for (const verb of [['serve', '--host', '127.0.0.1', '--port', '0'], ['runner']]) {
      const error = await refusal([...verb, '--data', join(data, 'a-file/data')])
      expect(error).toMatchObject({ exit: 5, code: 'folder_not_writable' })
      expect(error.says).toContain('ENOTDIR')
    }
  })

  test('an unknown source or backend', async () => {
    const { data: own, remove } = library(1)
    await (await openDatabase(join(own, 'catalogsync.sqlite'))).close()
    const start = ['job', 'start', '--type', 'full', '--data', own]
    const source = await refusal([...start, '--source', 'qq'])
    expect(source).toMatchObject({
      exit: 2,
      code: 'unknown_source',
      facts: { id: 'qq', known: ['home', 'input'] },
    })
    expect(await refusal([...start, '--backend', 'r2'])).toMatchObject({ exit: 2, code: 'unknown_backend' })
    remove()
  })

  test('the settings file that was named is not there', async () => {
    const path = join(data, 'other.env')
    const error = await refusal(['serve', '--data', data, '--env-file', path])
    expect(error).toMatchObject({ exit: 5, code: 'env_file_missing', facts: { path } })
  })

  test('a line of the settings file is malformed, with its number', async () => {
    envFile('# mine\nSOURCES=home\nthis is no setting\nWEB_PORT=many\n')
    const error = await refusal(['config', 'check', '--data', data])
    expect(error).toMatchObject({ exit: 5, code: 'env_invalid' })
    expect(error.says).toMatch(/line 3/)
    expect(error.says).toMatch(/line 4 WEB_PORT/)
  })

  test('Node is too old', async () => {
    const older = `data:text/javascript,Object.defineProperty(process.versions,'napi',{value:'9'})`
    const error = await refusal(['job', 'list', '--data', data], { nodeArgs: ['--import', older] })
    expect(error).toMatchObject({ exit: 5, code: 'node_too_old', facts: { needed: 'v22.14' } })
  })

  test('the database is from a newer version', async () => {
    const path = join(data, 'catalogsync.sqlite')
    await (await openDatabase(path)).close()
    const raw = new DatabaseSync(path)
    raw.exec(`insert into schema_migrations (name, timestamp) values ('9999-from-the-future', '')`)
    raw.close()
    for (const verb of [['job', 'list'], ['runner'], ['serve', '--host', '127.0.0.1', '--port', '0']]) {
      const error = await refusal([...verb, '--data', data])
      expect(error).toMatchObject({
        exit: 5,
        code: 'database_newer',
        facts: { found: '9999-from-the-future' },
      })
    }
  })

  test('the database is no database', async () => {
    writeFileSync(join(data, 'catalogsync.sqlite'), 'certainly not SQLite, whatever its name says')
    expect(await refusal(['job', 'list', '--data', data])).toMatchObject({
      exit: 5,
      code: 'database_unusable',
    })
  })

  test('there are no data yet', async () => {
    for (const verb of [
      ['job', 'list'],
      ['job', 'show', '1'],
      ['events'],
      ['audit'],
      ['item', 'list', '1'],
    ]) {
      expect(await refusal([...verb, '--data', data])).toMatchObject({ exit: 5, code: 'no_data' })
    }
    expect(existsSync(join(data, 'catalogsync.sqlite'))).toBe(false)
  })
})
