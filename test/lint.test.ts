import { ESLint } from 'eslint'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '..')
const eslint = new ESLint({ cwd: root })
const inSrc = 'packages/contract/src/words.ts'
const inTest = 'test/lint.test.ts'

/** Our own restrictions: the rule, a file in which it must bite, and code that breaks it. */
const planted: [rule: string, file: string, code: string][] = [
  ['no-restricted-syntax', inSrc, `export const home = process.env['HOME']`],
  ['no-restricted-syntax', inSrc, `import { env } from 'node:process'\nexport const home = env['HOME']`],
  ['no-restricted-syntax', inTest, `import { vi } from 'vitest'\nvi.mock('../packages/core/src/index.ts')`],
  ['no-console', inSrc, `console.log('hello')`],
  ['comments/require-description', inSrc, `// eslint-disable-next-line no-console\nconsole.log('hello')`],
  [
    '@typescript-eslint/no-import-type-side-effects',
    inSrc,
    `import { type A } from './a.ts'\nexport type B = A`,
  ],
  ['@typescript-eslint/no-floating-promises', inSrc, `Promise.resolve(1)`],
  ['@typescript-eslint/no-explicit-any', inSrc, `export const loose = (x: any): unknown => x`],
  [
    '@typescript-eslint/switch-exhaustiveness-check',
    inSrc,
    `export function f(x: 'a' | 'b') {\n  switch (x) {\n    case 'a':\n      return 1\n  }\n  return 2\n}`,
  ],
]

describe('the lint rules', { timeout: 60_000 }, () => {
  test.for(planted)('%s bites in %s', async ([rule, file, code]) => {
    expect(await broken(file, code)).toContain(rule)
  })

  test('a disable that gives its reason is accepted', async () => {
    const code = `// eslint-disable-next-line no-console -- the last word before the process ends\nconsole.log('x')`
    expect(await broken(inSrc, code)).toEqual([])
  })

  test('the environment is read in the entry of the command line and nowhere else in src', async () => {
    const forbids = async (file: string) => {
      const config = (await eslint.calculateConfigForFile(file)) as { rules: Record<string, unknown[]> }
      return JSON.stringify(config.rules['no-restricted-syntax']).includes('process')
    }
    expect(await forbids('apps/cli/src/main.ts')).toBe(false)
    expect(await forbids('apps/cli/src/job.ts')).toBe(true)
    expect(await forbids('packages/core/src/config/load.ts')).toBe(true)
  })
})

async function broken(file: string, code: string): Promise<(string | null)[]> {
  const results = await eslint.lintText(`${code}\n`, { filePath: join(root, file) })
  return results.flatMap(({ messages }) => messages.map(({ ruleId }) => ruleId))
}
