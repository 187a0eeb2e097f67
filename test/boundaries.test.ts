import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import rules from '../.dependency-cruiser.mjs'

const root = join(import.meta.dirname, '..')

/** A small tree of our own shape in which nothing is wrong; what is planted is added to it. */
const lawful = {
  'packages/contract/src/index.ts': `import * as z from 'zod/mini'\nexport const word = z.string()\n`,
  'packages/contract/src/index.test.ts': `import 'vitest'\nimport 'node:fs'\nimport './index.ts'\n`,
  'packages/core/src/index.ts': `import '@catalogsync/contract'\nimport 'kysely'\nimport './runner/runner.ts'\n`,
  'packages/core/src/config/index.ts': `export interface Settings { port: number }\nexport const port = 1\n`,
  'packages/core/src/ports/index.ts': `import type { Settings } from '../config/index.ts'\nexport type P = Settings\n`,
  'packages/core/src/db/open.ts': `export const open = 1\n`,
  'packages/core/src/repositories/jobs.ts': `import '../db/open.ts'\n`,
  'packages/core/src/commands/pause.ts': `import '../repositories/jobs.ts'\n`,
  'packages/core/src/executors/sync.ts': `import type { Loop } from './outcome.ts'\nexport type Back = Loop\n`,
  'packages/core/src/executors/outcome.ts': `export type Loop = string[]\n`,
  'packages/core/src/runner/runner.ts': `import '../executors/sync.ts'\nimport '../repositories/jobs.ts'\n`,
  'packages/core/src/audit/audit.ts': `import '../repositories/jobs.ts'\n`,
  'packages/core/src/library/path.ts': `export const path = 1\n`,
  'packages/core/src/library/one.ts': `export const one = 1\n`,
  'packages/core/src/library/two.ts': `import './one.ts'\n`,
  'packages/core/src/testing/index.ts': `import '../db/open.ts'\n`,
  'packages/sources/src/index.ts': `import '@catalogsync/core/ports'\nimport '@catalogsync/contract'\n`,
  'packages/sources/src/index.test.ts': `import '@catalogsync/core/testing'\nimport './index.ts'\n`,
  'packages/storage/src/index.ts': `import '@catalogsync/core/ports'\n`,
  'packages/client/src/index.ts': `import '@catalogsync/contract'\nimport type { Router } from '@catalogsync/server'\nexport type R = Router\n`,
  'apps/server/src/index.ts': `import '@catalogsync/core'\nexport type Router = string\n`,
  'apps/runner/src/index.ts': `import '@catalogsync/core'\nimport '@catalogsync/sources'\nimport '@catalogsync/storage'\n`,
  'apps/cli/src/main.ts': `import '@catalogsync/server'\nimport '@catalogsync/runner'\nimport '@catalogsync/core'\n`,
  'apps/web/src/page.ts': `import '@catalogsync/client'\nimport type { Router } from '@catalogsync/server'\nexport type R = Router\n`,
}

/** Each line is one bad import: where it is planted, what it says, which rule must bite. */
const planted: [rule: string, file: string, code: string][] = [
  ['no-cycles', 'packages/core/src/library/one.ts', `import './two.ts'`],
  [
    'no-cycles',
    'packages/core/src/executors/outcome.ts',
    `import type { Back } from './sync.ts'\nexport type L = Back`,
  ],
  ['no-unresolvable', 'packages/core/src/library/lost.ts', `import './nowhere.ts'`],
  ['no-undeclared-package', 'packages/core/src/library/dev.ts', `import 'vitest'`],
  ['no-undeclared-package', 'packages/sources/src/hoisted.ts', `import 'kysely'`],
  ['packages-by-name', 'apps/server/src/deep.ts', `import '../../../packages/core/src/index.ts'`],
  ['no-test-code-in-src', 'packages/core/src/runner/fake.ts', `import '../testing/index.ts'`],
  ['no-test-code-in-src', 'packages/sources/src/fake.ts', `import './index.test.ts'`],
  ['contract-imports-zod-mini-only', 'packages/contract/src/node.ts', `import 'node:fs'`],
  ['contract-imports-zod-mini-only', 'packages/contract/src/whole-zod.ts', `import 'zod'`],
  ['contract-imports-zod-mini-only', 'packages/contract/src/up.ts', `import '@catalogsync/core'`],
  ['core-imports-contract-only', 'packages/core/src/library/up.ts', `import '@catalogsync/sources'`],
  ['core-imports-contract-only', 'packages/core/src/testing/up.ts', `import '@catalogsync/storage'`],
  ['adapters-import-ports-and-contract-only', 'packages/sources/src/a/db.ts', `import '@catalogsync/core'`],
  [
    'adapters-import-ports-and-contract-only',
    'packages/storage/src/b/db.ts',
    `import '@catalogsync/core/config'`,
  ],
  ['adapters-import-ports-and-contract-only', 'packages/storage/src/b/s.ts', `import '@catalogsync/sources'`],
  [
    'adapter-tests-import-core-testing-only',
    'packages/sources/src/a/a.test.ts',
    `import '@catalogsync/core'`,
  ],
  ['client-imports-contract-only', 'packages/client/src/core.ts', `import '@catalogsync/core'`],
  ['only-types-of-the-server', 'packages/client/src/server.ts', `import '@catalogsync/server'`],
  ['only-types-of-the-server', 'apps/web/src/server.ts', `import '@catalogsync/server'`],
  ['web-imports-contract-and-client-only', 'apps/web/src/core.ts', `import type {} from '@catalogsync/core'`],
  ['packages-do-not-import-apps', 'packages/storage/src/app.ts', `import '@catalogsync/server'`],
  ['apps-do-not-import-each-other', 'apps/server/src/other.ts', `import '@catalogsync/runner'`],
  ['cli-starts-server-and-runner-only', 'apps/cli/src/web.ts', `import '../../web/src/page.ts'`],
  ['executors-know-no-database', 'packages/core/src/executors/db.ts', `import '../db/open.ts'`],
  [
    'executors-know-no-database',
    'packages/core/src/executors/rows.ts',
    `import type {} from '../repositories/jobs.ts'`,
  ],
  ['repositories-are-below', 'packages/core/src/repositories/up.ts', `import '../commands/pause.ts'`],
  ['repositories-are-below', 'packages/core/src/repositories/run.ts', `import '../runner/runner.ts'`],
  ['commands-do-not-run', 'packages/core/src/commands/run.ts', `import '../runner/runner.ts'`],
  ['commands-do-not-run', 'packages/core/src/commands/execute.ts', `import '../executors/sync.ts'`],
  ['db-is-the-ground', 'packages/core/src/db/up.ts', `import '../repositories/jobs.ts'`],
  ['ports-stand-alone', 'packages/core/src/ports/up.ts', `import type {} from '../library/path.ts'`],
  ['ports-take-only-types-of-config', 'packages/core/src/ports/read.ts', `import '../config/index.ts'`],
]

describe('the import rules', { timeout: 60_000 }, () => {
  let tree: string
  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'catalogsync-boundaries-'))
    for (const [file, code] of Object.entries(lawful)) await write(join(tree, file), code)
    await linkPackages(tree)
  })
  afterAll(() => rm(tree, { recursive: true, force: true }))

  test('let the lawful imports pass', async () => {
    expect(await violations(tree)).toEqual([])
  })

  test('bite, each in its own place', async () => {
    for (const [, file, code] of planted) await write(join(tree, file), `${code}\n`)
    const found = await violations(tree)
    const bitten = new Set(found.map(({ rule, file }) => `${rule}: ${file}`))
    const planned = planted.map(([rule, file]) => `${rule}: ${file}`)
    expect(planned.filter((line) => !bitten.has(line))).toEqual([])
    const files = new Set(planted.map(([, file]) => file))
    expect(found.filter(({ file }) => !files.has(file))).toEqual([])
  })

  test('are all planted above, and each says why', () => {
    const bitten = new Set(planted.map(([rule]) => rule))
    expect(rules.forbidden.map(({ name }) => name).toSorted()).toEqual([...bitten].toSorted())
    for (const { comment } of rules.forbidden) expect(comment.length).toBeGreaterThan(40)
  })

  test('are kept by this repository', async () => {
    expect(await violations(root)).toEqual([])
  })
})

interface Violation {
  rule: string
  file: string
}

/** What the same command as `npm run boundaries` finds in a tree. */
async function violations(cwd: string): Promise<Violation[]> {
  const config = join(root, '.dependency-cruiser.mjs')
  const args = ['packages', 'apps', '--config', config, '--output-type', 'json']
  const bin = join(root, 'node_modules/.bin/depcruise')
  const said = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, [bin, ...args], { cwd, maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (stdout.startsWith('{')) resolve(stdout)
      else reject(new Error(stderr, { cause: error }))
    })
  })
  const { summary } = JSON.parse(said) as {
    summary: { violations: { rule: { name: string }; from: string }[] }
  }
  return summary.violations.map(({ rule, from }) => ({ rule: rule.name, file: from }))
}

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, text)
}

/** Installs the tree as npm would: workspaces as links, with the real manifests where there are any. */
async function linkPackages(tree: string): Promise<void> {
  await mkdir(join(tree, 'node_modules/@catalogsync'), { recursive: true })
  await cp(join(root, 'package.json'), join(tree, 'package.json'))
  for (const name of ['zod', 'kysely', 'vitest'])
    await symlink(join(root, 'node_modules', name), join(tree, 'node_modules', name))
  for (const group of ['packages', 'apps'])
    for (const name of await readdir(join(tree, group))) {
      const folder = join(group, name)
      const manifest = join(root, folder, 'package.json')
      await cp(manifest, join(tree, folder, 'package.json')).catch(() =>
        write(join(tree, folder, 'package.json'), plain(name)),
      )
      await symlink(join('../..', folder), join(tree, 'node_modules/@catalogsync', name))
    }
}

/** A manifest for a workspace that is not written yet. */
function plain(name: string): string {
  const entry = name === 'web' ? './src/page.ts' : './src/index.ts'
  return JSON.stringify({ name: `@catalogsync/${name}`, type: 'module', exports: { '.': { source: entry } } })
}
