import {
  isClosedStage,
  isSettledJob,
  openItems,
  totalItems,
  type GateView,
  type JobStatus,
  type JobView,
  type Language,
  type StageStatus,
  type StageType,
  type StageView,
} from '@catalogsync/contract'
import { jobText } from '../messages/job.ts'
import { stateWords } from '../messages/states.ts'
import { bar } from '../text/bar.ts'
import type { Paint, Tone } from '../text/colour.ts'
import { bytes, clockTime, count, duration } from '../text/format.ts'
import { fit, padEnd, plain } from '../text/width.ts'
import type { Progress } from './progress.ts'

export interface View {
  language: Language
  paint: Paint
  tz: string
  /** ms since the epoch. */
  now: number
  /** Columns of the terminal. */
  width: number
}

const barWidth = 24

/** The job in a few lines that are drawn anew while it runs: a bar a stage, what is worked on, what it waits for. */
export function progressLines(progress: Progress, view: View): string[] {
  const { job } = progress
  const { language, paint } = view
  const words = stateWords(language)
  const names = job.stages.map((stage) => words.stageType[stage.stageType])
  const nameWidth = Math.max(...names.map((name) => padEnd(name, 8).length))
  const stages = job.stages.map((stage, at) => {
    const total = finalTotal(job.stages, at)
    const done = doneItems(stage)
    const drawn = total === null ? ' '.repeat(barWidth) : bar(done, total, barWidth)
    const facts = [stageCount(stage, total, language), ...stageFacts(stage, language)].join(' · ')
    const tone = toneOf[stage.status]
    return `  ${padEnd(words.stageType[stage.stageType], nameWidth)}  ${drawn}  ${tone ? paint(tone, facts) : facts}`
  })
  const work = progress.workers
    .filter((worker) => worker.text !== null)
    .map(({ name, text, bytesDone, bytesTotal }) => {
      const moved =
        bytesDone === null
          ? ''
          : ` (${bytes(bytesDone)}${bytesTotal === null ? '' : ` / ${bytes(bytesTotal)}`})`
      return fit(`  ${name}: ${plain(text ?? '')}${moved}`, view.width - 1)
    })
  const waits = waitingFor(progress, view).map((line) => paint('warn', `  ${plain(line)}`))
  return [titleLine(progress, view), ...stages, ...work, ...waits]
}

/** The same in one line, for a log. */
export function progressLine(progress: Progress, view: View): string {
  const { job } = progress
  const words = stateWords(view.language)
  const stages = job.stages
    .filter((stage) => totalItems(stage.counts) > 0)
    .map((stage) => {
      const total = finalTotal(job.stages, job.stages.indexOf(stage))
      const failed =
        stage.counts.failed > 0 ? ` (${jobText(view.language).failed(count(stage.counts.failed))})` : ''
      return `${words.stageType[stage.stageType]} ${stageCount(stage, total, view.language)}${failed}`
    })
  const waits = waitingFor(progress, view).map(plain)
  const title = jobText(view.language).title(job.id, words.jobType[job.jobType], words.job[job.status])
  return [title, [...stages, ...waits].join(' · ')].filter(Boolean).join('  ')
}

function titleLine({ job }: Progress, view: View): string {
  const text = jobText(view.language)
  const words = stateWords(view.language)
  const title = text.title(job.id, words.jobType[job.jobType], words.job[job.status])
  if (job.startedAt === null) return title
  const time = duration((job.endedAt ?? view.now) - job.startedAt, view.language)
  return `${title}  ${view.paint('dim', job.endedAt === null ? text.since(time) : text.took(time))}`
}

/** Why nothing happens, or not much: gates, a missing runner, a pause, commands that are not applied yet. */
export function waitingFor({ job, gates, runnerAlive }: Progress, view: View): string[] {
  const text = jobText(view.language)
  const words = stateWords(view.language)
  if (isSettledJob(job.status)) return []
  const lines: string[] = []
  if (!runnerAlive && job.status !== 'paused') lines.push(text.noRunner)
  if (runnerAlive && (job.status === 'running' || job.status === 'queued')) {
    for (const gate of gates.filter((gate) => holdsUp(gate, job))) {
      const until =
        gate.closedUntil !== null && gate.closedUntil > view.now
          ? ` · ${text.until(clockTime(gate.closedUntil, view.tz))}`
          : ''
      lines.push(`${text.waiting(gate.reason)}${until}`)
    }
  }
  if (job.status === 'pause_requested') {
    lines.push(text.draining(job.stages.reduce((sum, stage) => sum + stage.counts.running, 0)))
  }
  if (job.status === 'paused') lines.push(text.pausedHint(job.id))
  if (job.pendingCommands.length > 0) {
    lines.push(text.waitsFor(job.pendingCommands.map((type) => words.commandType[type]).join(', ')))
  }
  return lines
}

/** Does a stage of the job that has work left wait at this gate? */
function holdsUp({ kind, ref }: GateView, job: JobView): boolean {
  if (kind === 'source' && ![...job.sources, ...job.downloadSources].includes(ref)) return false
  if (kind === 'backend' && !job.backends.includes(ref)) return false
  return job.stages.some((stage) => stage.counts.pending > 0 && gatesOf[stage.stageType].includes(kind))
}

const gatesOf: Record<StageType, readonly GateView['kind'][]> = {
  collect: ['all', 'window', 'source'],
  sync: ['all', 'window', 'source'],
  download: ['all', 'window', 'source', 'volume'],
  upload: ['all', 'window', 'backend', 'volume'],
}

/** How many items a stage has in all; null while more may be planned. */
export function finalTotal(stages: readonly StageView[], at: number): number | null {
  const stage = stages[at]
  if (!stage?.planned) return null
  return stages.slice(0, at).every((before) => isClosedStage(before.status)) ? totalItems(stage.counts) : null
}

const doneItems = (stage: StageView): number => totalItems(stage.counts) - openItems(stage.counts)

function stageCount(stage: StageView, total: number | null, language: Language): string {
  const text = jobText(language)
  const done = doneItems(stage)
  if (total === 0) return stateWords(language).stage.skipped
  if (total !== null) return `${count(done)}/${count(total)}`
  const known = totalItems(stage.counts)
  return done === known ? text.soFar(count(known)) : text.ofSoFar(count(done), count(known))
}

function stageFacts({ counts, status }: StageView, language: Language): string[] {
  const text = jobText(language)
  const facts: string[] = []
  if (counts.running > 0) facts.push(text.runningNow(count(counts.running)))
  if (counts.failed > 0) facts.push(text.failed(count(counts.failed)))
  if (counts.interrupted > 0) facts.push(text.interrupted(count(counts.interrupted)))
  if (counts.held > 0) facts.push(text.held(count(counts.held)))
  if (status === 'paused' || status === 'pause_requested' || status === 'canceled') {
    facts.push(stateWords(language).stage[status])
  }
  return facts
}

const toneOf: Record<StageStatus, Tone | null> = {
  pending: 'dim',
  running: null,
  pause_requested: 'warn',
  paused: 'warn',
  completed: 'good',
  completed_with_errors: 'bad',
  skipped: 'dim',
  canceled: 'dim',
}

export const toneOfJob: Record<JobStatus, Tone | null> = {
  queued: 'dim',
  running: null,
  pause_requested: 'warn',
  paused: 'warn',
  cancel_requested: 'warn',
  completed: 'good',
  completed_with_errors: 'bad',
  failed: 'bad',
  canceled: 'dim',
}
