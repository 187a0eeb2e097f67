import { jobStatuses, jobTypes, type CommandInput } from '@catalogsync/contract'
import type { JobListOptions } from '../verbs/job-list.ts'
import type { JobStartOptions } from '../verbs/job-start.ts'
import { choice } from './command.ts'
import type { Program } from './hooks.ts'

export function jobCommands(program: Program): void {
  const { text, values, verb, does } = program
  const help = text.job
  const job = program.group('job', help.what)
  const id = values.whole('JOB', 1)

  const start = verb(job, 'start', help.start.what, help.start.example)
    .addOption(
      choice(
        '--type <type>',
        help.start.type,
        jobTypes,
        values.oneOf('--type', jobTypes),
      ).makeOptionMandatory(),
    )
    .option('--source <id...>', help.start.source, values.words)
    .option('--download-source <id...>', help.start.downloadSource, values.words)
    .option('--backend <id...>', help.start.backend, values.words)
    .option('--playlist <id...>', help.start.playlist, values.wholes('--playlist'))
    .option('--song <id...>', help.start.song, values.wholes('--song'))
    .option('--all', help.start.all)
    .option('--priority <n>', help.start.priority, values.whole('--priority', -100))
    .option('--idempotency-key <key>', help.start.key)
    .option('--watch', help.start.watch)
  does(start, async (ctx, options) => {
    const { jobStart } = await import('../verbs/job-start.ts')
    return jobStart(ctx, options as JobStartOptions) // as declared above
  })

  const list = verb(job, 'list', help.list.what, help.list.example)
    .addOption(
      choice('--status <status>', help.list.status, jobStatuses, values.oneOf('--status', jobStatuses)),
    )
    .option('--limit <n>', help.list.limit, values.whole('--limit', 1))
    .option('--before <job>', help.list.before, values.whole('--before', 1))
  does(list, async (ctx, options) => {
    const { jobList } = await import('../verbs/job-list.ts')
    return jobList(ctx, options as JobListOptions) // as declared above
  })

  const show = verb(job, 'show', help.show.what, help.show.example).argument('<job>', help.id, id)
  does(show, async (ctx, jobId) => (await import('../verbs/job-show.ts')).jobShow(ctx, jobId as number)) // read by id

  const watch = verb(job, 'watch', help.watch.what, help.watch.example).argument('<job>', help.id, id)
  does(watch, async (ctx, jobId) => (await import('../verbs/job-watch.ts')).jobWatch(ctx, jobId as number)) // read by id

  const pause = verb(job, 'pause', help.pause.what, help.pause.example)
    .argument('<job>', help.id, id)
    .option('--now', help.pause.now)
  sends(program, pause, (jobRunId, options) => ({
    type: 'pause',
    jobRunId,
    now: (options as { now?: boolean }).now ?? false, // as declared above
  }))
  const resume = verb(job, 'resume', help.resume.what, help.resume.example).argument('<job>', help.id, id)
  sends(program, resume, (jobRunId) => ({ type: 'resume', jobRunId }))
  const cancel = verb(job, 'cancel', help.cancel.what, help.cancel.example).argument('<job>', help.id, id)
  sends(program, cancel, (jobRunId) => ({ type: 'cancel', jobRunId }))
}

function sends(
  { does }: Program,
  command: Parameters<Program['does']>[0],
  input: (jobId: number, options: unknown) => CommandInput,
): void {
  does(command, async (ctx, jobId, options) => {
    const verb = await import('../verbs/command.ts')
    return verb.command(ctx, input(jobId as number, options)) // its first argument, read by `whole`
  })
}
