import { expect, test } from 'vitest'
import { composeMelody, type Mood } from './melody.ts'
import type { Instrument } from './note.ts'
import { render } from './synth.ts'
import type { Pcm } from './tags.ts'

/** How much of one frequency there is (one term of a Fourier sum). */
function strength({ samples, sampleRate }: Pcm, hertz: number): number {
  let [re, im] = [0, 0]
  for (const [at, sample] of samples.entries()) {
    const angle = (2 * Math.PI * hertz * at) / sampleRate
    re += sample * Math.cos(angle)
    im += sample * Math.sin(angle)
  }
  return Math.hypot(re, im) / samples.length
}

test('a note sounds at its pitch on every instrument', () => {
  const instruments: Instrument[] = ['piano', 'pluck', 'organ', 'flute', 'bell', 'bass']
  for (const instrument of instruments) {
    const pcm = render([{ start: 0, length: 1, pitch: 69, loudness: 0.5, instrument }], 22_050)
    expect(strength(pcm, 440)).toBeGreaterThan(20 * strength(pcm, 415.3))
    expect(strength(pcm, 440)).toBeGreaterThan(20 * strength(pcm, 466.2))
    expect(strength(pcm, 440)).toBeGreaterThan(strength(pcm, 880))
  }
})

const mood: Mood = { scale: 'minor', tonic: 57, beatsPerMinute: 120, lead: 'flute' }

test('a melody keeps to its scale, is the same for a seed, and another for another', () => {
  const notes = composeMelody(7, mood, 4)
  const tones = new Set(notes.map((note) => (note.pitch - mood.tonic + 120) % 12))
  expect([...tones].filter((tone) => ![0, 2, 3, 5, 7, 8, 10].includes(tone))).toEqual([])
  expect(composeMelody(7, mood, 4)).toEqual(notes)
  expect(composeMelody(8, mood, 4)).not.toEqual(notes)
})

test('a song is as loud as it may be without clipping, and ends in silence', () => {
  const { samples } = render(composeMelody(7, mood, 4), 22_050)
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 0)
  expect(peak).toBeGreaterThan(20_000)
  expect(peak).toBeLessThan(32_000)
  expect(Math.abs(samples.at(-1) ?? 0)).toBeLessThan(50)
})
