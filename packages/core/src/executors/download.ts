import { rm, stat } from 'node:fs/promises'
import { inspectAudio, type AudioFacts } from '../library/audio.ts'
import { makeFoldersFor } from '../library/folders.ts'
import { layoutPath } from '../library/layout.ts'
import { checkLibrary } from '../library/marker.ts'
import { partPathOf } from '../library/part-path.ts'
import { insideRoot, type SafePath } from '../library/safe-path.ts'
import { keptFree } from '../library/volume.ts'
import { PortError, type Resolved } from '../ports/index.ts'
import { attempt, portContext } from './attempt.ts'
import { classifyError, localFailure, quoted } from './classify.ts'
import type { CatalogSong, Executor, ExecutorContext, GateRef, Outcome, StagedFile } from './outcome.ts'
import { fetchTo, sizeToCome } from './transfer.ts'

/** A song's bytes, checked and lying beside their place in the library; the runner gives them their name. */
export const download: Executor<'download'> = ({ song, downloadSources }, ctx) => {
  const port: GateRef = { kind: 'source', ref: song.sourceId }
  return attempt(ctx, port, async () => {
    ctx.progress({ text: songText(song) })
    const refusal = askable(song, downloadSources)
    if (refusal) return refusal
    const resolved = await ctx.source(song.sourceId).resolve(song, portContext(ctx))
    const size = await sizeToCome(resolved)
    checkSize(resolved.size ?? song.size, size, 'the source now has')
    const noRoom = await roomFor(size, ctx)
    if (noRoom) return noRoom
    // The item may be another worker's by now, and the part with it.
    ctx.signal.throwIfAborted()
    return stage(song, resolved, size, ctx, port)
  })
}

/** Matching another source's song is to come; until then each song is had from its own. */
function askable(song: CatalogSong, downloadSources: string[]): Outcome | null {
  if (downloadSources.length === 0 || downloadSources.includes(song.sourceId)) return null
  const asked = downloadSources.join(', ')
  const reason = `the song's own source "${song.sourceId}" is not among the download sources (${asked}), and this version cannot look for it in others yet`
  return { kind: 'failed', class: 'permanent', reason, unasked: true }
}

async function stage(
  song: CatalogSong,
  resolved: Resolved,
  size: number | null,
  ctx: ExecutorContext,
  port: GateRef,
): Promise<Outcome> {
  let part: SafePath | undefined
  try {
    part = await partFor(song, ctx)
    const file = await fetchAndCheck(song, resolved, size, part, ctx)
    return { kind: 'done', product: { kind: 'file', file } }
  } catch (error) {
    const outcome = classifyError(error, { port, signal: ctx.signal })
    // Bytes that were refused are of no use to the next attempt, and a full disk needs the room.
    const useless = outcome.kind === 'failed' || (outcome.kind === 'retry' && outcome.class === 'local')
    const began = part === undefined || !useless ? 0 : await bytesAt(part)
    if (useless && part !== undefined) await rm(part, { force: true }).catch(() => undefined)
    if (outcome.kind !== 'retry') return outcome
    if (outcome.gate === null) return await blameLibrary(outcome, ctx)
    if (outcome.needBytes === undefined) return outcome
    return { ...outcome, needBytes: outcome.needBytes + Math.max(size ?? 0, began) }
  }
}

/** Trouble while a library is vanishing looks like anything: its folder is asked before the song is. */
async function blameLibrary(outcome: Outcome, ctx: ExecutorContext): Promise<Outcome> {
  const library = await checkLibrary(ctx.settings.libraryDir, ctx.libraryId)
  return library.ok ? outcome : localFailure(library.reason)
}

const bytesAt = (part: SafePath): Promise<number> =>
  stat(part).then(
    ({ size }) => size,
    () => 0,
  )

async function partFor(song: CatalogSong, ctx: ExecutorContext): Promise<SafePath> {
  const { libraryDir, downloadLayout } = ctx.settings
  const part = await insideRoot(libraryDir, partPathOf(song, downloadLayout))
  await makeFoldersFor(libraryDir, part, ctx.settings)
  return part
}

async function fetchAndCheck(
  song: CatalogSong,
  resolved: Resolved,
  size: number | null,
  part: SafePath,
  ctx: ExecutorContext,
): Promise<StagedFile> {
  const onProgress = (bytesDone: number): void => ctx.progress({ bytesDone, bytesTotal: size })
  const fetched = await fetchTo(part, resolved, { signal: ctx.signal, http: ctx.http, onProgress })
  checkSize(size, fetched.size, 'the source gave')
  const audio = await inspectAudio(part)
  if ('problem' in audio) throw new PortError('invalid', audio.problem)
  // Another file than at the last sync: the duration in the catalog is the old one's.
  if (!isAnother(song, resolved)) checkDuration(song, audio)
  return {
    partPath: part,
    path: layoutPath(song, ctx.settings.downloadLayout, audio.suffix),
    ...fetched,
    container: audio.container,
    durationMs: audio.durationMs,
  }
}

function checkSize(promised: number | null, found: number | null, whoHas: string): void {
  if (promised === null || found === null || promised === found) return
  throw new PortError('invalid', `${promised} bytes were promised, ${whoHas} ${found}`)
}

const isAnother = (song: CatalogSong, { size }: Resolved): boolean =>
  size !== null && song.size !== null && size !== song.size

/** Sources round to seconds, and encoders pad: three seconds or a twentieth are no difference. */
function checkDuration(song: CatalogSong, { durationMs }: AudioFacts): void {
  if (song.durationMs === null || song.durationMs === 0 || durationMs === null) return
  if (Math.abs(durationMs - song.durationMs) <= Math.max(3_000, song.durationMs * 0.05)) return
  const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
  throw new PortError('invalid', `it plays ${seconds(durationMs)} instead of ${seconds(song.durationMs)}`)
}

/** null: the library is there and has room. Else why not, for the volume's gate. */
async function roomFor(size: number | null, ctx: ExecutorContext): Promise<Outcome | null> {
  const { libraryDir } = ctx.settings
  const library = await checkLibrary(libraryDir, ctx.libraryId)
  if (!library.ok) return localFailure(library.reason)
  const needBytes = (size ?? 0) + keptFree
  const short = needBytes - library.freeBytes
  if (short <= 0) return null
  return localFailure(
    `disk full on ${quoted(libraryDir)}: ${Math.ceil(short / mebibyte)} MB short`,
    needBytes,
  )
}

const mebibyte = 1024 * 1024

const songText = ({ title, artists }: CatalogSong): string =>
  artists.length === 0 ? title : `${title} / ${artists.join(', ')}`
