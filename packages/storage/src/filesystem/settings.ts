import { isAbsolute, normalize, sep } from 'node:path'
import { AppError } from '@catalogsync/contract'
import type { BackendSettings, KnownBackend } from '@catalogsync/core/ports'

export interface FilesystemSettings {
  /** Absolute, without a slash at its end. */
  root: string
  /** Read each file back and hash it before it gets its name. */
  verify: boolean
  /** `require`: the marker must be there already, an empty folder is an unmounted one. */
  marker: 'create' | 'require'
}

/** Throws `AppError` `invalid_input`, naming the key as it stands in the settings file. */
export function readFilesystemSettings(
  { id, values }: BackendSettings,
  known?: KnownBackend,
): FilesystemSettings {
  const refuse = (suffix: string, problem: string): never => {
    throw new AppError('invalid_input', {
      what: `BACKEND_${id.toUpperCase().replaceAll('-', '_')}_${suffix}`,
      problem,
    })
  }
  const choice = <T extends string>(suffix: string, choices: readonly [T, T]): T => {
    const text = (values[suffix] ?? '').trim().toLowerCase() || choices[0]
    return (
      choices.find((c) => c === text) ??
      refuse(suffix, `"${text}" is neither ${choices[0]} nor ${choices[1]}.`)
    )
  }

  const path = values['PATH']?.trim() ?? ''
  if (path === '')
    refuse('PATH', 'is not set. Name the folder to store files in, for example /volume2/backup.')
  if (!isAbsolute(path)) refuse('PATH', `"${path}" is not an absolute path.`)
  const root = normalize(path)
  if (root === sep) refuse('PATH', 'is the root of the file system. Name a folder of its own.')
  return {
    root: root.endsWith(sep) ? root.slice(0, -1) : root,
    verify: choice('VERIFY', ['no', 'yes']) === 'yes',
    marker: known?.hasObjects ? 'require' : choice('MARKER', ['create', 'require']),
  }
}
