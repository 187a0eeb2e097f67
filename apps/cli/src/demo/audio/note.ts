export type Instrument = keyof typeof instruments

/** Strengths of the partials, and how a note begins and ends (seconds; `decay` is its half-life). */
export const instruments = {
  piano: { partials: [1, 0.5, 0.28, 0.14, 0.07, 0.04], attack: 0.006, decay: 0.35 },
  pluck: { partials: [1, 0.35, 0.2, 0.05], attack: 0.003, decay: 0.16 },
  organ: { partials: [1, 0.6, 0.1, 0.35, 0, 0.12], attack: 0.03, decay: 4 },
  flute: { partials: [1, 0.18, 0.08], attack: 0.06, decay: 3 },
  bell: { partials: [1, 0.1, 0.45, 0.05, 0.25], attack: 0.002, decay: 0.5 },
  bass: { partials: [1, 0.45, 0.2, 0.1], attack: 0.01, decay: 0.6 },
} as const satisfies Record<string, { partials: readonly number[]; attack: number; decay: number }>

/** One note; times in seconds, pitch as a MIDI number (69 is the A of 440 Hz). */
export interface Note {
  start: number
  length: number
  pitch: number
  /** 0 to 1. */
  loudness: number
  instrument: Instrument
}
