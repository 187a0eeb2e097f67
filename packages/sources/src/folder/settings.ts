import { isAbsolute, normalize, sep } from 'node:path'
import { AppError } from '@catalogsync/contract'
import type { SourceSettings } from '@catalogsync/core/ports'

export interface FolderSettings {
  /** Absolute, without a slash at its end. */
  root: string
  /** Folders with audio in them are playlists too. */
  albums: boolean
  /** For playlist files that are not UTF-8: a label of the WHATWG Encoding Standard. */
  encoding: string
}

/** Throws `AppError` `invalid_input`, naming the key as it stands in the settings file. */
export function readFolderSettings({ id, values }: SourceSettings): FolderSettings {
  const refuse = (suffix: string, problem: string): never => {
    throw new AppError('invalid_input', {
      what: `SOURCE_${id.toUpperCase().replaceAll('-', '_')}_${suffix}`,
      problem,
    })
  }

  const path = values['PATH']?.trim() ?? ''
  if (path === '')
    refuse('PATH', 'is not set. Name the folder with the playlists, for example /volume1/music.')
  if (!isAbsolute(path)) refuse('PATH', `"${path}" is not an absolute path.`)
  const root = normalize(path)

  const albums = (values['ALBUMS'] ?? '').trim().toLowerCase() || 'no'
  if (albums !== 'yes' && albums !== 'no') refuse('ALBUMS', `"${albums}" is neither yes nor no.`)

  const encoding = (values['ENCODING'] ?? '').trim() || 'windows-1252'
  try {
    new TextDecoder(encoding)
  } catch {
    refuse(
      'ENCODING',
      `"${encoding}" is not a known encoding, such as windows-1252, gb18030, big5 or shift_jis.`,
    )
  }
  return {
    root: root.length > 1 && root.endsWith(sep) ? root.slice(0, -1) : root,
    albums: albums === 'yes',
    encoding,
  }
}
