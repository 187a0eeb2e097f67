import { stat } from 'node:fs/promises'
import { errnoText, isErrno } from '../library/errno.ts'
import { checkLibrary } from '../library/marker.ts'
import { insideRoot, type SafePath } from '../library/safe-path.ts'
import type { StoredObject } from '../ports/index.ts'
import { attempt, portContext } from './attempt.ts'
import { localFailure, quoted } from './classify.ts'
import type { Executor, ExecutorContext, GateRef, Outcome, WorkOf } from './outcome.ts'

type LibraryFile = WorkOf['upload']['file']

/** A library file's copy in a backend, under the file's own path; done only when the backend says it has it. */
export const upload: Executor<'upload'> = (work, ctx) => {
  const port: GateRef = { kind: 'backend', ref: work.backendId }
  return attempt(ctx, port, async () => {
    const outcome = await attempt(ctx, port, () => store(work, ctx))
    // A file that is gone may have gone with its library, since that was last looked at.
    if (outcome.kind !== 'failed' && (outcome.kind !== 'retry' || outcome.gate !== null)) return outcome
    const library = await checkLibrary(ctx.settings.libraryDir, ctx.libraryId)
    return library.ok ? outcome : localFailure(library.reason)
  })
}

async function store({ backendId, file, force }: WorkOf['upload'], ctx: ExecutorContext): Promise<Outcome> {
  ctx.progress({ text: file.path, bytesTotal: file.size })
  const library = await checkLibrary(ctx.settings.libraryDir, ctx.libraryId)
  if (!library.ok) return localFailure(library.reason)
  const path = await insideRoot(ctx.settings.libraryDir, file.path)
  const problem = await problemOf(path, file)
  if (problem !== null) return problem

  const key = file.path.normalize('NFC')
  if (Buffer.byteLength(key) > longestKey) {
    return failed(
      'permanent',
      `the path ${quoted(key)} is longer than the ${longestKey} bytes that a key may have`,
    )
  }
  const backend = ctx.backend(backendId)
  const call = portContext(ctx)
  const before = force ? null : await backend.head(key, call)
  // Equal sizes are not equal bytes: a retagged song often keeps its size.
  if (before !== null && before.sha256 !== null && agrees(before, file)) {
    return {
      kind: 'done',
      product: { kind: 'object', object: before, sha256: file.sha256, alreadyThere: true },
    }
  }
  const onProgress = (bytesDone: number): void => ctx.progress({ bytesDone, bytesTotal: file.size })
  await backend.put({ key, path, size: file.size, sha256: file.sha256, onProgress }, call)
  const stored = await backend.head(key, call)
  if (stored !== null && agrees(stored, file)) {
    return {
      kind: 'done',
      product: { kind: 'object', object: stored, sha256: file.sha256, alreadyThere: false },
    }
  }
  return {
    kind: 'retry',
    class: 'transient',
    reason: disagreement(stored, file),
    afterMs: null,
    gate: null,
  }
}

/** The limit of S3, kept for every backend so that a library can move. */
const longestKey = 1_024

const agrees = (object: StoredObject, file: LibraryFile): boolean =>
  object.size === file.size && (object.sha256 === null || object.sha256 === file.sha256)

function disagreement(stored: StoredObject | null, file: LibraryFile): string {
  if (stored === null) return 'the backend took the file and then does not have it'
  if (stored.size !== file.size) return `the backend has ${stored.size} bytes of ${file.size}`
  return 'the backend has other bytes than were sent: the hashes differ'
}

/** The library's own file must still be what its row says. */
async function problemOf(path: SafePath, file: LibraryFile): Promise<Outcome | null> {
  try {
    const found = await stat(path)
    if (!found.isFile()) return failed('permanent', `not a file any more: ${quoted(file.path)}`)
    if (found.size === file.size) return null
    const sizes = `${file.size} bytes when it was published, ${found.size} now`
    return failed('invalid', `file changed on disk: ${quoted(file.path)} had ${sizes}`)
  } catch (error) {
    if (!isErrno(error) || (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')) throw error
    return failed('permanent', `file vanished from disk: ${quoted(file.path)} (${errnoText(error)})`)
  }
}

const failed = (failureClass: 'permanent' | 'invalid', reason: string): Outcome => ({
  kind: 'failed',
  class: failureClass,
  reason,
  unasked: true,
})
