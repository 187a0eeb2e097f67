import { Option, type Command } from 'commander'
import type { AuditOptions } from '../verbs/audit.ts'
import type { EventsOptions } from '../verbs/events.ts'
import type { ServeOptions } from '../verbs/serve.ts'
import { choice } from './command.ts'
import type { Program } from './hooks.ts'

const depths = ['none', 'sample', 'all'] as const

export function systemCommands(program: Program, root: Command): void {
  const { text, values, verb, does } = program

  const serve = verb(root, 'serve', text.serve.what, text.serve.example)
    .option('--host <host>', text.serve.host)
    .option('--port <port>', text.serve.port)
    .addOption(new Option('--no-runner', text.serve.noRunner))
    .option('--demo', text.serve.demo)
  does(serve, async (ctx, options) => {
    const verbs = await import('../verbs/serve.ts')
    return verbs.serve(ctx, options as ServeOptions) // as declared above
  })

  const runner = verb(root, 'runner', text.runner.what, text.runner.example)
  does(runner, async (ctx) => (await import('../verbs/runner.ts')).runner(ctx))

  const events = verb(root, 'events', text.events.what, text.events.example)
    .option('--after <event>', text.events.after, values.whole('--after', 0))
    .option('--follow', text.events.follow)
    .option('--job <job>', text.events.job, values.whole('--job', 1))
  does(events, async (ctx, options) => {
    const verbs = await import('../verbs/events.ts')
    return verbs.events(ctx, options as EventsOptions) // as declared above
  })

  const config = program.group('config', text.config.what)
  const show = verb(config, 'show', text.config.show.what, text.config.show.example)
  does(show, async (ctx) => (await import('../verbs/config.ts')).configShow(ctx))
  const check = verb(config, 'check', text.config.check.what, text.config.check.example)
  does(check, async (ctx) => (await import('../verbs/config.ts')).configCheck(ctx))

  const audit = verb(root, 'audit', text.audit.what, text.audit.example).addOption(
    choice('--bytes <depth>', text.audit.bytes, depths, values.oneOf('--bytes', depths)).default('none'),
  )
  does(audit, async (ctx, options) => {
    const verbs = await import('../verbs/audit.ts')
    return verbs.audit(ctx, options as AuditOptions) // as declared above
  })
}
