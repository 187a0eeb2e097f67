import { createRandom } from './random.ts'
import type { Instrument, Note } from './note.ts'

/** What the songs of an album have in common. */
export interface Mood {
  scale: keyof typeof scales
  /** MIDI number of the tonic. */
  tonic: number
  beatsPerMinute: number
  lead: Instrument
}

const scales = {
  major: [0, 2, 4, 5, 7, 9, 11],
  minor: [0, 2, 3, 5, 7, 8, 10],
  dorian: [0, 2, 3, 5, 7, 9, 10],
  pentatonic: [0, 2, 4, 7, 9],
} as const

/** Roots of four chords, as steps of the scale. */
const progressions = [
  [0, 4, 5, 3],
  [0, 3, 4, 0],
  [5, 3, 0, 4],
  [0, 5, 3, 4],
]

/** A small tune over a bass and broken chords, always the same for a seed, about `seconds` long. */
export function composeMelody(seed: number, mood: Mood, seconds: number): Note[] {
  const random = createRandom(seed)
  const beat = 60 / mood.beatsPerMinute
  const beats = Math.max(4, Math.round(seconds / beat) - 1)
  const chords = progressions[Math.floor(random() * progressions.length)] ?? [0]
  const chordAt = (position: number): number => chords[Math.floor(position / 2) % chords.length] ?? 0
  const pitch = (step: number, octave: number): number => mood.tonic + 12 * octave + inScale(step, mood.scale)
  const notes: Note[] = []

  for (let position = 0; position < beats; position++) {
    const chord = chordAt(position)
    if (position % 2 === 0) {
      notes.push({
        start: position * beat,
        length: 2 * beat,
        pitch: pitch(chord, -2),
        loudness: 0.55,
        instrument: 'bass',
      })
    }
    for (const [half, step] of [0, 2].entries()) {
      const start = (position + half / 2) * beat
      notes.push({ start, length: beat, pitch: pitch(chord + step, -1), loudness: 0.22, instrument: 'pluck' })
    }
  }

  let step = [0, 2, 4][Math.floor(random() * 3)] ?? 0
  for (let position = 0; position < beats - 1;) {
    const length = random() < 0.35 ? 1 : 0.5
    // On the beat the tune leans on a tone of the chord; between the beats it wanders.
    if (Number.isInteger(position) && random() < 0.6) step = nearestChordStep(step, chordAt(position))
    else step += Math.round((random() - 0.5) * 4)
    step = Math.min(9, Math.max(-2, step))
    if (random() > 0.12) {
      const loudness = 0.5 + 0.2 * random()
      notes.push({
        start: position * beat,
        length: length * beat * 1.1,
        pitch: pitch(step, 0),
        loudness,
        instrument: mood.lead,
      })
    }
    position += length
  }
  notes.push({
    start: (beats - 1) * beat,
    length: 2 * beat,
    pitch: pitch(0, 0),
    loudness: 0.6,
    instrument: mood.lead,
  })
  return notes
}

/** Half tones above the tonic of a step of the scale; steps go on below and above the octave. */
function inScale(step: number, name: Mood['scale']): number {
  const scale = scales[name]
  const octave = Math.floor(step / scale.length)
  return 12 * octave + (scale[step - octave * scale.length] ?? 0)
}

function nearestChordStep(step: number, chord: number): number {
  const tones = [-7, 0, 7].flatMap((octave) => [0, 2, 4].map((third) => chord + third + octave))
  return tones.reduce((best, tone) => (Math.abs(tone - step) < Math.abs(best - step) ? tone : best))
}
