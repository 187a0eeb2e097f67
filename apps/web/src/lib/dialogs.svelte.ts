import type { JobScope, JobType } from '@catalogsync/contract'

/** What the start dialog begins with: nothing chosen, or the choices of an earlier job. */
export interface StartChoices {
  jobType: JobType
  sources: string[]
  backends: string[]
  mode: JobScope['mode']
}

export interface Question {
  title: string
  text: string
  /** On the button that does it. */
  yes: string
}

const current = $state<{ start: StartChoices | null; question: Question | null }>({
  start: null,
  question: null,
})
let answer: ((yes: boolean) => void) | undefined

export const startDialog = (): StartChoices | null => current.start
export const question = (): Question | null => current.question

export function openStart(choices?: Partial<StartChoices>): void {
  current.start = { jobType: 'full', sources: [], backends: [], mode: 'missing', ...choices }
}

export function closeStart(): void {
  current.start = null
}

/** Asks before something that cannot be taken back. */
export function sure(asked: Question): Promise<boolean> {
  current.question = asked
  return new Promise((resolve) => (answer = resolve))
}

export function reply(yes: boolean): void {
  current.question = null
  answer?.(yes)
}
