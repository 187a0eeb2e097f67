import { open, type FileHandle } from 'node:fs/promises'
import { parseFile, type IAudioMetadata } from 'music-metadata'
import { audioProblem } from './audio-length.ts'
import { id3v2Length, sniffAudio, sniffBytes, type AudioSuffix } from './sniff.ts'

export interface AudioFacts {
  /** `flac`, `ogg`, `wav`, `mp3`, `m4a`, …; Opus is in `ogg`. */
  container: string
  /** Extension that the file is to have, without the dot. */
  suffix: AudioSuffix
  codec: string | null
  durationMs: number | null
}

/**
 * Is this file audio, whole as far as its container tells, and how long does it play? The bytes decide,
 * never the name. A problem is a sentence for the operator; errors of the file system pass through.
 */
export async function inspectAudio(path: string): Promise<AudioFacts | { problem: string }> {
  const sniffed = await withFile(path, async (file) => {
    const found = sniffAudio(await headBehindTag(file))
    if ('problem' in found) return found
    const problem = await audioProblem(file, found.suffix)
    return problem === null ? found : { problem }
  })
  if ('problem' in sniffed) return sniffed
  const metadata = await parse(path)
  if ('problem' in metadata) return metadata
  const { format } = metadata
  if (format.hasAudio === false) return { problem: `the ${sniffed.suffix} file holds no audio track` }
  const durationMs = milliseconds(format.duration)
  if (
    format.sampleRate === undefined ||
    durationMs === 0 ||
    (durationMs === null && tellsLength.has(sniffed.suffix))
  ) {
    return { problem: `the ${sniffed.suffix} file holds no sound` }
  }
  const container = sniffed.suffix === 'opus' ? 'ogg' : sniffed.suffix
  return { container, suffix: sniffed.suffix, codec: format.codec ?? null, durationMs }
}

/** Uncompressed sound always knows its length; a streamed FLAC or a bare AAC may not. */
const tellsLength = new Set<AudioSuffix>(['wav', 'aiff'])

/** Rounded up: a very short sound is not none. */
const milliseconds = (seconds: number | undefined): number | null =>
  seconds === undefined || !Number.isFinite(seconds) ? null : Math.ceil(Math.round(seconds * 1e6) / 1000)

/** MP3s, and some FLACs, begin with a tag that may be megabytes of cover picture. */
async function headBehindTag(file: FileHandle): Promise<Buffer> {
  const head = await readAt(file, 0)
  const tag = id3v2Length(head)
  return tag === 0 ? head : readAt(file, tag)
}

async function readAt(file: FileHandle, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(sniffBytes)
  const { bytesRead } = await file.read(buffer, 0, sniffBytes, position)
  return buffer.subarray(0, bytesRead)
}

/** Only the parser's own complaints are the file's problem. */
async function parse(path: string): Promise<IAudioMetadata | { problem: string }> {
  try {
    // Without `duration` the length of Ogg files stays unknown.
    return await parseFile(path, { duration: true, skipCovers: true })
  } catch (error) {
    if (!(error instanceof Error) || 'syscall' in error) throw error
    return {
      problem: `the file is damaged: ${error.message.split('\n', 1)[0]?.replaceAll(path, 'file') ?? ''}`,
    }
  }
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path, 'r')
  try {
    return await use(file)
  } finally {
    await file.close()
  }
}
