import { fork, type ChildProcess } from 'node:child_process'
import type { Context } from '../context.ts'

/**
 * The runner as a process of its own: this same command line with the verb `runner` and the same settings.
 * Detached, so that Ctrl-C in a terminal reaches us alone and we stop it in order; if we are gone, whatever took us,
 * its channel closes and it lets go by itself.
 */
export function forkRunner({ io, globals, language }: Context): ChildProcess {
  const { data, db, envFile } = globals
  const flags = [
    ...(data === undefined ? [] : ['--data', data]),
    ...(db === undefined ? [] : ['--db', db]),
    ...(envFile === undefined ? [] : ['--env-file', envFile]),
    '--lang',
    language,
  ]
  return fork(io.entry, ['runner', ...flags], {
    cwd: io.cwd,
    env: io.env,
    // Without `--` Node takes an --env-file behind the script for one of its own.
    execArgv: [...process.execArgv, '--'],
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
}
