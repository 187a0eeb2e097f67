import path from 'node:path'
import { partName } from './file-names.ts'
import { layoutPath, type LayoutSong } from './layout.ts'

/** Where a song's bytes wait, relative to the library: beside the place where the song will lie. */
export function partPathOf(song: LayoutSong & { id: number; suffix: string | null }, layout: string): string {
  const wanted = layoutPath(song, layout, song.suffix ?? '')
  const stem = path.posix.basename(wanted, `.${song.suffix ?? ''}`)
  return path.posix.join(path.posix.dirname(wanted), partName(stem, song.id))
}
