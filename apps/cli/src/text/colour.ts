/** What a colour says; it never says it alone. */
export type Tone = 'good' | 'bad' | 'warn' | 'dim'

export type Paint = (tone: Tone, text: string) => string

const codes = { good: 32, bad: 31, warn: 33, dim: 2 } as const satisfies Record<Tone, number>

export const painter = (colour: boolean): Paint =>
  colour ? (tone, text) => `\u001b[${codes[tone]}m${text}\u001b[0m` : (_, text) => text
