import { execFile, spawn } from 'node:child_process'
import {
  chmod,
  cp,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')

/** A checkout whose npm and turbo only note that they were called; the scripts under test are the real ones. */
let checkout: string
beforeEach(async () => {
  checkout = await realpath(await mkdtemp(join(tmpdir(), 'catalogsync-checkout-')))
  await cp(join(root, 'scripts'), join(checkout, 'scripts'), { recursive: true })
  for (const folder of ['packages/core/src', 'apps/cli', 'tools', 'elsewhere'])
    await mkdir(join(checkout, folder), { recursive: true })
  for (const file of ['package.json', 'turbo.json', 'tsconfig.base.json', 'packages/core/src/a.ts'])
    await writeFile(join(checkout, file), '{}')
  await writeFile(join(checkout, 'package-lock.json'), '{"packages":{"node_modules/x":{"integrity":"1"}}}')
  await symlink(process.execPath, join(checkout, 'tools/node'))
  await program(
    'tools/npm',
    `if [ "$1" = --version ]; then echo 11.0.0; exit; fi
echo npm >>calls
sleep 0.2
rm -rf node_modules && mkdir -p node_modules/.bin
ln -s "${process.execPath}" node_modules/.bin/node
cp tools/turbo node_modules/.bin/turbo`,
  )
  await program(
    'tools/turbo',
    `echo turbo >>calls
mkdir -p apps/cli/dist
echo 'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)]))' >apps/cli/dist/main.js`,
  )
})
afterEach(() => rm(checkout, { recursive: true, force: true }))

test('a fresh clone is installed and built, and the second start finds nothing to do', async () => {
  const first = await run('catalogsync', ['job', 'list'])
  expect(first).toMatchObject({
    code: 0,
    stderr: 'catalogsync: installing packages…\ncatalogsync: building…\n',
  })
  const before = await calls()
  expect(before).toContain('npm')

  expect(await run('catalogsync', ['job', 'list'])).toMatchObject({ code: 0, stderr: '' })
  expect(await calls()).toEqual(before)
})

test('paths in the arguments stay those of the folder that one calls from', async () => {
  const { stdout } = await run('serve', ['--data', 'here'], { cwd: join(checkout, 'elsewhere') })
  expect(JSON.parse(stdout)).toEqual([join(checkout, 'elsewhere'), 'serve', '--data', 'here'])
})

test('the script works through a link from elsewhere', async () => {
  const link = join(checkout, 'elsewhere/cs')
  await symlink(join(checkout, 'scripts/catalogsync'), link)
  expect(await run(link, ['--help'])).toMatchObject({ code: 0 })
})

test.for([
  ['edited', () => writeFile(join(checkout, 'packages/core/src/a.ts'), 'new')],
  ['removed', () => rm(join(checkout, 'packages/core/src/a.ts'))],
  [
    'replaced by a file with an old date',
    async () => {
      await writeFile(join(checkout, 'packages/core/src/a.ts'), 'new')
      await utimes(join(checkout, 'packages/core/src/a.ts'), 1, 1)
    },
  ],
] as const)('code that was %s is built before it runs', async ([, change]) => {
  await run('catalogsync', [])
  const before = await calls()
  await change()
  await run('catalogsync', [])
  expect((await calls()).length).toBeGreaterThan(before.length)
  expect((await calls()).filter((call) => call === 'npm')).toHaveLength(1)
})

test('a dist folder that was removed is built again', async () => {
  await run('catalogsync', [])
  await rm(join(checkout, 'apps/cli/dist'), { recursive: true })
  expect(await run('catalogsync', [])).toMatchObject({ code: 0 })
})

test('a new lock file is installed', async () => {
  await run('catalogsync', [])
  await writeFile(join(checkout, 'package-lock.json'), '{"packages":{"node_modules/x":{"integrity":"2"}}}')
  await run('catalogsync', [])
  expect((await calls()).filter((call) => call === 'npm')).toHaveLength(2)
})

test('an install by hand that left what the lock file asks for is not done again', async () => {
  await run('catalogsync', [])
  const lock = '{"packages":{"": {}, "node_modules/x":{"integrity":"2"}}}'
  await writeFile(join(checkout, 'package-lock.json'), lock)
  await writeFile(join(checkout, 'node_modules/.package-lock.json'), lock)
  expect(await run('catalogsync', [])).toMatchObject({ code: 0 })
  expect((await calls()).filter((call) => call === 'npm')).toHaveLength(1)
})

test('two that start at once install once, and both run', async () => {
  const ends = await Promise.all([run('catalogsync', ['a']), run('serve', ['b']), run('catalogsync', ['c'])])
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 0])
  expect((await calls()).filter((call) => call === 'npm')).toHaveLength(1)
})

test('the lock of a start that died is taken over', async () => {
  const dead = spawn('true')
  await new Promise((resolve) => dead.on('close', resolve))
  await mkdir(join(checkout, '.prepare.lock'))
  await writeFile(join(checkout, '.prepare.lock/pid'), `${dead.pid}\n`)
  expect(await run('catalogsync', [])).toMatchObject({ code: 0 })
})

test('the lock of a start that lives is waited for, but not for ever', async () => {
  await mkdir(join(checkout, '.prepare.lock'))
  await writeFile(join(checkout, '.prepare.lock/pid'), `${process.pid}\n`)
  const end = await run('catalogsync', [], { env: { PREPARE_WAIT_SECONDS: '1' } })
  expect(end.code).toBe(1)
  expect(end.stderr).toContain('.prepare.lock')
  expect(await calls()).toEqual([])
})

test('a build that fails shows its words, runs nothing, and is tried again', async () => {
  await program('tools/turbo', 'echo "a.ts(1,1): error TS1005"; exit 2')
  const end = await run('catalogsync', [])
  expect(end).toMatchObject({ code: 1, stdout: '' })
  expect(end.stderr).toContain('error TS1005')
  expect((await run('catalogsync', [])).code).toBe(1)
})

test.for([
  ['node', /node is not on the PATH/],
  ['npm', /npm is not on the PATH/],
] as const)('without %s it says so', async ([missing, sentence]) => {
  await rm(join(checkout, 'tools', missing))
  const end = await run('serve', [], { path: join(checkout, 'tools') })
  expect(end.code).toBe(1)
  expect(end.stderr).toMatch(sentence)
  expect(end.stderr.trim().split('\n')).toHaveLength(1)
})

test.for([
  ['an npm that does not run with this node', 'exit 1', /npm does not run with node v\d+/],
  ['an npm from before our lock file', 'echo 6.14.4', /npm 6\.14\.4 is too old/],
] as const)('%s is named', async ([, script, sentence]) => {
  await program('tools/npm', script)
  const end = await run('serve', [])
  expect(end.code).toBe(1)
  expect(end.stderr).toMatch(sentence)
})

interface End {
  code: number
  stdout: string
  stderr: string
}

async function run(
  script: string,
  args: string[],
  given: { cwd?: string; env?: object; path?: string } = {},
): Promise<End> {
  const file = script.startsWith('/') ? script : join(checkout, 'scripts', script)
  const path = given.path ?? `${join(checkout, 'tools')}:/usr/bin:/bin`
  const options = { cwd: given.cwd ?? tmpdir(), env: { PATH: await withShell(path), ...given.env } }
  return new Promise((resolve) => {
    execFile('/bin/sh', [file, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

/** A PATH with nothing of the system on it still needs the tools that every system has. */
async function withShell(path: string): Promise<string> {
  if (path.includes('/usr/bin')) return path
  const tools = join(checkout, 'shell')
  await mkdir(tools, { recursive: true })
  for (const name of ['dirname', 'readlink', 'cmp', 'find', 'mkdir', 'rm', 'cat', 'sleep'])
    await symlink(join('/usr/bin', name), join(tools, name))
  return `${path}:${tools}`
}

async function program(name: string, script: string): Promise<void> {
  await writeFile(join(checkout, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(checkout, name), 0o755)
}

async function calls(): Promise<string[]> {
  const text = await readFile(join(checkout, 'calls'), 'utf8').catch(() => '')
  return text.split('\n').filter(Boolean)
}
