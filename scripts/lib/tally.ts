import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'

export interface Tally {
  passed: number
  failed: number
  skipped: number
}

/** What is read of the JSON reports of vitest (`testResults`) and Playwright (`stats`). */
interface Report {
  testResults?: { assertionResults: { status: string }[]; status: string }[]
  stats?: { expected: number; unexpected: number; flaky: number; skipped: number }
}

/**
 * Counts the tests of one report. A file that could not even be loaded counts as one failed test, and so does a run
 * that ended badly (`exitCode` is not 0) although every test in its report is well, or that left no report or no test.
 */
export function tally(report: Report | undefined, exitCode: number): Tally {
  const counted = report?.stats ? fromPlaywright(report.stats) : fromVitest(report?.testResults ?? [])
  const empty = counted.passed + counted.failed + counted.skipped === 0
  if (counted.failed === 0 && (exitCode !== 0 || empty)) return { ...counted, failed: 1 }
  return counted
}

function fromVitest(files: NonNullable<Report['testResults']>): Tally {
  const count = (...statuses: string[]) =>
    files.flatMap((file) => file.assertionResults).filter(({ status }) => statuses.includes(status)).length
  const unloaded = files.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  )
  return {
    passed: count('passed'),
    failed: count('failed') + unloaded.length,
    skipped: count('skipped', 'pending', 'todo', 'disabled'),
  }
}

function fromPlaywright(stats: NonNullable<Report['stats']>): Tally {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky, skipped: stats.skipped }
}

/** The line that ends a run, alone and plain, for machines to read. */
export function lastLine(all: Tally[]): string {
  const sum = (key: keyof Tally) => all.reduce((total, one) => total + one[key], 0)
  return `${sum('passed')} passed, ${sum('failed')} failed`
}

/** tally.ts FAILED_STEPS REPORT:EXIT_CODE…: prints the last line; exits 1 if anything failed. */
function main([failedSteps = '0', ...runs]: string[]): void {
  const tests = runs.map((run) => {
    const [, file = '', exitCode = '1'] = /^(.*):(\d+)$/.exec(run) ?? []
    return tally(read(file), Number(exitCode))
  })
  const skipped = tests.reduce((total, { skipped }) => total + skipped, 0)
  if (skipped > 0) console.log(`(${skipped} tests skipped)`)
  const all = [...tests, { passed: 0, failed: Number(failedSteps), skipped: 0 }]
  console.log(lastLine(all))
  process.exitCode = all.some(({ failed }) => failed > 0) ? 1 : 0
}

function read(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report // our own reporters wrote it
  } catch {
    return undefined
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2))
