import { instruments, type Instrument, type Note } from './note.ts'
import type { Pcm } from './tags.ts'

const release = 0.08
const echoSeconds = 0.19
const echoStrength = 0.22
const tailSeconds = 0.5

/** Plays the notes with additive synthesis, a soft echo, and an even loudness from song to song. */
export function render(notes: Note[], sampleRate: number): Pcm {
  const mix = new Float64Array(Math.round(durationOf(notes) * sampleRate))
  for (const note of notes) addNote(mix, note, sampleRate)
  addEcho(mix, Math.round(echoSeconds * sampleRate))
  return { samples: toSamples(mix, Math.round(tailSeconds * sampleRate)), sampleRate }
}

/** Seconds until the last echo is gone. */
export function durationOf(notes: Note[]): number {
  return Math.max(0, ...notes.map((note) => note.start + note.length)) + tailSeconds
}

function addNote(mix: Float64Array, note: Note, sampleRate: number): void {
  const { attack, decay } = instruments[note.instrument]
  const wave = waveOf(note.instrument)
  const step = ((440 * 2 ** ((note.pitch - 69) / 12)) / sampleRate) * tableSize
  const first = Math.round(note.start * sampleRate)
  const length = Math.min(mix.length - first, Math.round((note.length + release) * sampleRate))
  const fadeFrom = length - Math.round(release * sampleRate)
  const halving = 0.5 ** (1 / (decay * sampleRate))
  let level = note.loudness
  let phase = 0
  for (let at = 0; at < length; at++) {
    const rise = Math.min(1, at / (attack * sampleRate))
    const fall = at < fadeFrom ? 1 : (length - at) / (length - fadeFrom)
    mix[first + at] = (mix[first + at] ?? 0) + (wave[phase | 0] ?? 0) * level * rise * fall
    level *= halving
    phase = (phase + step) % tableSize
  }
}

const tableSize = 16_384
const waves = new Map<Instrument, Float64Array>()

/** One period of an instrument's sound, made when it is first played. */
function waveOf(instrument: Instrument): Float64Array {
  const known = waves.get(instrument)
  if (known) return known
  const { partials } = instruments[instrument]
  const wave = new Float64Array(tableSize)
  for (const [index, strength] of partials.entries()) {
    for (let at = 0; at < tableSize; at++) {
      wave[at] = (wave[at] ?? 0) + strength * Math.sin((2 * Math.PI * (index + 1) * at) / tableSize)
    }
  }
  waves.set(instrument, wave)
  return wave
}

function addEcho(mix: Float64Array, delay: number): void {
  for (let at = delay; at < mix.length; at++) mix[at] = (mix[at] ?? 0) + echoStrength * (mix[at - delay] ?? 0)
}

/** To 16 bits at four fifths of full scale, with the last part faded out. */
function toSamples(mix: Float64Array, fade: number): Int16Array {
  const peak = mix.reduce((highest, value) => Math.max(highest, Math.abs(value)), 1e-9)
  const gain = (0.8 * 32_767) / peak
  return Int16Array.from(mix, (value, at) => Math.round(value * gain * Math.min(1, (mix.length - at) / fade)))
}
