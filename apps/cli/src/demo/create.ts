import { existsSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '@catalogsync/contract'
import { demoPlaylists } from './playlists.ts'
import { demoSongs, songFile } from './songs.ts'

export interface DemoLibrary {
  /** The folder of the demo source, and of the demo backend. */
  source: string
  bucket: string
  songs: number
  playlists: number
  /** False if it was there already; then nothing was touched. */
  created: boolean
}

/** Where the demo is in a data folder. */
export function demoFolders(dataDir: string): { source: string; bucket: string } {
  return { source: join(dataDir, 'demo'), bucket: join(dataDir, 'bucket') }
}

/**
 * Makes the demo library in `<dataDir>/demo`, once: afterwards a stamp says that it was made, and what the
 * operator then changes or deletes there stays so. A call that was cut short is completed by the next.
 */
export async function createDemo(dataDir: string): Promise<DemoLibrary> {
  const { source, bucket } = demoFolders(dataDir)
  const songs = demoSongs()
  const playlists = demoPlaylists(songs)
  const counts = { songs: songs.length, playlists: playlists.length }
  const stamp = join(source, '.catalogsync-demo')
  if (existsSync(stamp)) return { source, bucket, ...counts, created: false }
  try {
    await mkdir(bucket, { recursive: true })
    for (const song of songs) await makeFile(join(source, song.path), () => songFile(song))
    for (const playlist of playlists) await makeFile(join(source, playlist.path), () => playlist.text)
    await makeFile(
      stamp,
      () => 'Made by Catalogsync for its demo. Delete the whole folder to have it made again.\n',
    )
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error) // fs errors carry a code
    throw new AppError(
      'folder_not_writable',
      { path: source, what: 'the demo library', cause },
      { cause: error },
    )
  }
  return { source, bucket, ...counts, created: true }
}

/** Whole or not at all; a file that is there is left alone. */
async function makeFile(path: string, content: () => string | Uint8Array): Promise<void> {
  if (existsSync(path)) return
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, content(), { flush: true })
  await rename(temporary, path)
}
